package dev.perennial.train;

import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.ImagePreparation;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.evaluate.ParameterCounts;
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

    /** What takes the steps; absent where there is nothing to learn. */
    private record Learner(Descent descent, AdamW optimizer, Loader loader, List<ParameterCounts.Group> groups) {}

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
        this.sampler = sampler(config, arrivals);
        this.learner = switch (plan) {
            case LearningPlan.Nothing _ -> Optional.empty();
            case LearningPlan.Gradients(List<ParameterGroup> groups, var other, double budget)
            when other.isEmpty() && budget == 1 -> {
                var loader = new Loader(
                        arrivals.samples(),
                        sampler,
                        from.progress().position(),
                        preparation,
                        new LoaderOptions(
                                config.threads(),
                                Trainer.PREFETCH,
                                config.maxBadShare(),
                                from.progress().augmentationSeed()),
                        badSamples);
                var optimizer = new AdamW(groups, config.optimizer());
                optimizer.restore(from.moments(), from.updates());
                var descent = new Descent(
                        config,
                        method,
                        arrivals.told(),
                        this::batch,
                        groups,
                        sampler.batchesPerEpoch(),
                        random,
                        loader,
                        optimizer,
                        from.progress(),
                        gradientsEvery);
                yield Optional.of(new Learner(
                        descent,
                        optimizer,
                        loader,
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

    private Batch batch(LoadedBatch loaded) {
        return new Batch(
                arrivals.told(),
                loaded.samples(),
                Descent.pixels(loaded),
                arrivals.seen(sampler.arrivedAt(loaded.next())));
    }

    /** Learns until the end of a session. */
    public void learnSession(int session, StepBoundary boundary) {
        learner.ifPresent(learning -> {
            int end = arrivals.sessionEnds().get(session);
            learning.descent()
                    .run(
                            place -> sampler.nextAt(place).orElse(end) < end
                                    && learning.loader().hasNext(),
                            stepsBefore(session),
                            stepsBefore(session + 1),
                            listener,
                            boundary);
        });
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
        return learner.map(learning -> learning.descent().state()).orElse(from);
    }

    /** Lets the method finish when all samples have come. */
    public void end() {
        method.end();
    }

    @Override
    public void close() {
        learner.ifPresent(learning -> {
            learning.loader().close();
            learning.optimizer().close();
        });
    }
}
