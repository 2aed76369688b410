package dev.perennial.train;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.ImagePreparation;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.ParameterGroup;
import dev.perennial.stream.Arrivals;
import dev.perennial.stream.Experience;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Lets a method learn one experience after another. */
public final class Trainer {
    /** Batches that are decoded ahead of the step. */
    static final int PREFETCH = 2;

    private static final ImagePreparation NO_PIXELS = (_, _) -> new float[0];

    private final TrainingConfig config;
    private final Preprocessing preprocessing;
    private final RandomStreams random;
    private final BadSamples badSamples;
    private final Consumer<StepReport> listener;
    private final OptionalInt gradientsEvery;

    /** Creates a trainer; what it cannot use is added to {@code badSamples}. */
    public Trainer(
            TrainingConfig config,
            Preprocessing preprocessing,
            RandomStreams random,
            BadSamples badSamples,
            Consumer<StepReport> listener) {
        this(config, preprocessing, random, badSamples, listener, OptionalInt.empty());
    }

    /** Creates a trainer that also measures the gradients of each tower every so many steps of an experience, if it is said how many. */
    public Trainer(
            TrainingConfig config,
            Preprocessing preprocessing,
            RandomStreams random,
            BadSamples badSamples,
            Consumer<StepReport> listener,
            OptionalInt gradientsEvery) {
        this.gradientsEvery = gradientsEvery;
        this.config = config;
        this.preprocessing = preprocessing;
        this.random = random;
        this.badSamples = badSamples;
        this.listener = listener;
    }

    /**
     * What learning an experience took.
     *
     * @param samples that were seen
     * @param skipped steps that were skipped because their numbers were not finite
     * @param groups what was trained
     */
    public record Outcome(long samples, int skipped, List<ParameterCounts.Group> groups) {}

    /**
     * Lets the method learn an experience.
     *
     * @throws IllegalArgumentException if the experience has no samples
     */
    public Outcome learn(Method method, Experience experience) {
        return learn(method, experience, StepBoundary.NONE);
    }

    /** Lets the method learn an experience, with a pause after every step. */
    public Outcome learn(Method method, Experience experience, StepBoundary boundary) {
        if (experience.train().size() == 0) {
            throw new IllegalArgumentException("experience '" + experience.name()
                    + "' has no sample to learn from; see what its data set selects");
        }
        config.requireFit(method);
        random.seedEngine();
        Outcome outcome = switch (method.begin(experience)) {
            case LearningPlan.Nothing _ -> new Outcome(0, 0, List.of());
            case LearningPlan.Gradients plan -> {
                Experience of = plan.other().orElse(experience);
                yield descend(method, of, plan.groups(), plan.budget(), start(of), boundary, prepared());
            }
            case LearningPlan.Examples(List<ParameterGroup> groups, Dataset examples) -> {
                Experience of = experience.over(examples);
                yield descend(method, of, groups, 1, start(of), boundary, NO_PIXELS);
            }
            case LearningPlan.Passes(Consumer<Batch> learner) -> show(learner, experience, start(experience), boundary);
        };
        method.end();
        return outcome;
    }

    /**
     * Lets the method go on with an experience in whose middle it was saved; it was restored, and so were the random streams.
     *
     * @param state what the pause gave in which the method was saved
     * @throws IllegalArgumentException if the method or the data are not those that were saved
     */
    public Outcome resume(Method method, Experience experience, TrainingState state, StepBoundary boundary) {
        Map<String, Long> positions = random.state();
        LearningPlan plan = method.resume(experience);
        random.restore(positions);
        Outcome outcome = switch (plan) {
            case LearningPlan.Nothing _ ->
                throw new IllegalArgumentException(
                        "the method has nothing to learn of '" + experience.name() + "', in whose middle it was saved");
            case LearningPlan.Gradients gradients ->
                descend(
                        method,
                        gradients.other().orElse(experience),
                        gradients.groups(),
                        gradients.budget(),
                        state,
                        boundary,
                        prepared());
            case LearningPlan.Examples(List<ParameterGroup> groups, Dataset examples) ->
                descend(method, experience.over(examples), groups, 1, state, boundary, NO_PIXELS);
            case LearningPlan.Passes(Consumer<Batch> learner) -> show(learner, experience, state, boundary);
        };
        method.end();
        return outcome;
    }

    /**
     * Begins to let the method learn an online stream: it is told of one experience that lasts as long as the stream. The caller closes
     * what is returned.
     *
     * @throws IllegalArgumentException if the method cannot learn what comes once, or the training says otherwise
     */
    public OnlineTraining begin(Method method, Arrivals arrivals) {
        config.requireOnline();
        random.seedEngine();
        LearningPlan plan = method.begin(arrivals.told());
        var start = TrainingState.start(
                OnlineTraining.sampler(config, arrivals).start(),
                random.stream("augmentation").nextLong());
        return new OnlineTraining(
                config, method, arrivals, plan, random, prepared(), badSamples, listener, gradientsEvery, start);
    }

    /** Goes on with an online stream in whose middle the method was saved; it was restored, and so were the random streams. */
    public OnlineTraining resume(Method method, Arrivals arrivals, TrainingState state) {
        Map<String, Long> positions = random.state();
        LearningPlan plan = method.resume(arrivals.told());
        random.restore(positions);
        return new OnlineTraining(
                config, method, arrivals, plan, random, prepared(), badSamples, listener, gradientsEvery, state);
    }

    private Outcome descend(
            Method method,
            Experience experience,
            List<ParameterGroup> groups,
            double budget,
            TrainingState from,
            StepBoundary boundary,
            ImagePreparation preparation) {
        int steps = config.stepsFor(experience.train().size(), budget);
        try (AdamW optimizer = new AdamW(groups, config.optimizer());
                Loader loader = loader(experience, sampler(experience, 0), from.progress(), preparation)) {
            optimizer.restore(from.moments(), from.updates());
            var descent = new Descent(
                    config,
                    method,
                    experience,
                    loaded -> Descent.batch(experience, loaded),
                    groups,
                    steps,
                    random,
                    loader,
                    optimizer,
                    from.progress(),
                    gradientsEvery);
            TrainingState.Progress progress = descent.run(listener, boundary);
            return new Outcome(
                    progress.samples(),
                    progress.skipped(),
                    groups.stream()
                            .map(group -> new ParameterCounts.Group(group.name(), group.count()))
                            .toList());
        }
    }

    private Outcome show(Consumer<Batch> learner, Experience experience, TrainingState from, StepBoundary boundary) {
        BatchSampler endless = sampler(experience, 0);
        BatchSampler sampler = config.epochs().map(endless::epochs).orElse(endless);
        try (Loader loader = loader(experience, sampler, from.progress(), prepared())) {
            var runner = new PassRunner(config, experience, random, sampler, loader, from.progress());
            return new Outcome(runner.run(learner, listener, boundary), 0, List.of());
        }
    }

    private ImagePreparation prepared() {
        return config.augmentation().preparation(preprocessing);
    }

    private TrainingState start(Experience experience) {
        long order = random.stream("sample order").nextLong();
        long augmentation = random.stream("augmentation").nextLong();
        return TrainingState.start(sampler(experience, order).start(), augmentation);
    }

    private BatchSampler sampler(Experience experience, long seed) {
        return BatchSampler.shuffled(experience.train().size(), config.batchSize(), seed);
    }

    /** The order follows from the position; the seed of the sampler only matters at the start. */
    private Loader loader(
            Experience experience, BatchSampler sampler, TrainingState.Progress from, ImagePreparation preparation) {
        return new Loader(
                experience.train(),
                sampler,
                from.position(),
                preparation,
                new LoaderOptions(config.threads(), PREFETCH, config.maxBadShare(), from.augmentationSeed()),
                badSamples);
    }
}
