package dev.perennial.train;

import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchReader;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.ImagePreparation;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.evaluate.anytime.ArrivalCounts;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.ParameterGroup;
import dev.perennial.stream.Arrivals;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Lets a method learn the samples of an online stream as they come: a batch is learned in as many steps as there are epochs, each time
 * augmented anew, and is then gone. The optimizer lives as long as the stream; sessions are pauses of which the method is not told.
 */
public final class OnlineTraining implements AutoCloseable {
    private final Method method;
    private final Arrivals arrivals;
    private final BatchSampler sampler;
    private final Consumer<StepReport> listener;
    private final Optional<Learner> learner;
    private final TrainingState from;
    private final int times;
    private double stepsEnded;
    private int letPass;

    /** What takes the steps; absent where there is nothing to learn. */
    private record Learner(
            Descent descent, AdamW optimizer, ArrivalSource source, List<ParameterCounts.Group> groups) {}

    OnlineTraining(
            TrainingConfig config,
            Method method,
            Arrivals arrivals,
            LearningPlan plan,
            RandomStreams random,
            ImagePreparation preparation,
            BadSamples badSamples,
            Consumer<StepReport> listener,
            OptionalInt gradientsEvery,
            TrainingState from) {
        this.method = method;
        this.arrivals = arrivals;
        this.listener = listener;
        this.from = from;
        this.times = times(config);
        this.stepsEnded = from.progress().seconds();
        this.sampler = sampler(config, arrivals);
        this.learner = switch (plan) {
            case LearningPlan.Nothing _ -> Optional.empty();
            case LearningPlan.Gradients(List<ParameterGroup> groups, var other, double budget)
            when other.isEmpty() && budget == 1 -> {
                ArrivalSource source = source(config, preparation, badSamples);
                var optimizer = new AdamW(groups, config.optimizer());
                optimizer.restore(from.moments(), from.updates());
                var descent = new Descent(
                        config,
                        method,
                        arrivals.told(),
                        loaded -> batch(source, loaded),
                        groups,
                        sampler.batchesPerEpoch(),
                        random,
                        source,
                        optimizer,
                        from.progress(),
                        gradientsEvery);
                yield Optional.of(new Learner(
                        descent,
                        optimizer,
                        source,
                        groups.stream()
                                .map(group -> new ParameterCounts.Group(group.name(), group.count()))
                                .toList()));
            }
            case LearningPlan.Gradients _, LearningPlan.Examples _, LearningPlan.Passes _ ->
                throw new IllegalArgumentException(
                        "the method learns other data than those that come, or not step by step;"
                                + " an online stream needs one that does, such as sit, finetune or replay");
        };
    }

    static BatchSampler sampler(TrainingConfig config, Arrivals arrivals) {
        return BatchSampler.arriving(arrivals.sessionEnds(), config.batchSize(), times(config));
    }

    private static int times(TrainingConfig config) {
        return config.epochs().orElse(1);
    }

    private ArrivalSource source(TrainingConfig config, ImagePreparation preparation, BadSamples badSamples) {
        var options = new LoaderOptions(
                config.threads(),
                Trainer.PREFETCH,
                config.maxBadShare(),
                from.progress().augmentationSeed());
        BatchSampler.Position place = from.progress().position();
        return arrivals.pace()
                .<ArrivalSource>map(pace -> new PacedBatches(
                        pace,
                        arrivals.sessionEnds(),
                        new BatchReader(arrivals.samples(), preparation, options, badSamples),
                        config.batchSize(),
                        times,
                        from.progress().arrival().orElse(PacedBatches.State.START)))
                .orElseGet(() -> new PlannedBatches(
                        new Loader(arrivals.samples(), sampler, place, preparation, options, badSamples),
                        sampler,
                        place));
    }

    private Batch batch(ArrivalSource source, LoadedBatch loaded) {
        return new Batch(arrivals.told(), loaded.samples(), Descent.pixels(loaded), arrivals.seen(source.seen()));
    }

    /**
     * Learns until the end of a session.
     *
     * @param passed hears what has come after each batch, when it was learned as often as it is; before the boundary
     */
    public void learnSession(int session, StepBoundary boundary, Consumer<ArrivalCounts> passed) {
        int end = arrivals.sessionEnds().get(session);
        learner.ifPresentOrElse(
                learning -> {
                    boolean paced = arrivals.pace().isPresent();
                    learning.descent()
                            .run(
                                    () -> learning.source().hasNextBefore(end),
                                    // How many steps a session takes shows only when it is over.
                                    paced ? 0 : stepsBefore(session),
                                    paced ? sampler.batchesPerEpoch() : stepsBefore(session + 1),
                                    listener,
                                    (report, state) -> {
                                        learning.source().took(report.seconds() - stepsEnded);
                                        stepsEnded = report.seconds();
                                        if (learning.source().isBatchOver()) {
                                            passed.accept(counts());
                                        }
                                        boundary.reached(report, () -> with(state.get(), learning.source()));
                                    });
                },
                () -> letPass(session, end, passed));
    }

    /** There is nothing to learn, and so nobody is ever busy. */
    private void letPass(int session, int end, Consumer<ArrivalCounts> passed) {
        int from = session == 0 ? 0 : arrivals.sessionEnds().get(session - 1);
        while (from < end) {
            from = Math.min(end, from + sampler.batchSize());
            letPass = from;
            passed.accept(counts());
        }
    }

    private static TrainingState with(TrainingState state, ArrivalSource source) {
        return new TrainingState(state.progress().with(source.state()), state.updates(), state.moments());
    }

    /** Returns what has become of all samples that have come, between two batches. */
    public ArrivalCounts counts() {
        return learner.map(learning -> {
                    ArrivalQueue.State of = learning.source().counts();
                    long read = learning.descent().progress().samples() / times;
                    return new ArrivalCounts(
                            of.arrived(), of.taken(), of.dropped(), of.waiting().size(), of.taken() - read);
                })
                .orElseGet(() -> new ArrivalCounts(letPass, letPass, 0, 0, 0));
    }

    private int stepsBefore(int session) {
        List<Integer> ends = arrivals.sessionEnds();
        return IntStream.range(0, session)
                .map(i -> times * Math.ceilDiv(ends.get(i) - (i == 0 ? 0 : ends.get(i - 1)), sampler.batchSize()))
                .sum();
    }

    /** Returns what all sessions so far took, those before a stop too. */
    public Trainer.Outcome outcome() {
        return learner.map(learning -> {
                    TrainingState.Progress progress = learning.descent().progress();
                    return new Trainer.Outcome(progress.samples(), progress.skipped(), learning.groups());
                })
                .orElseGet(() -> new Trainer.Outcome(0, 0, List.of()));
    }

    /** Returns the seconds that all steps so far took, those before a stop too. */
    public double seconds() {
        return learner.map(learning -> learning.descent().progress().seconds()).orElse(0.0);
    }

    /** Returns the state between two sessions. */
    public TrainingState state() {
        return learner.map(learning -> with(learning.descent().state(), learning.source()))
                .orElse(from);
    }

    /** Lets the method finish when all samples have come. */
    public void end() {
        method.end();
    }

    @Override
    public void close() {
        learner.ifPresent(learning -> {
            learning.source().close();
            learning.optimizer().close();
        });
    }
}
