package dev.perennial.train;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.ParameterGroup;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** Lets a method learn one experience after another. */
public final class Trainer {
    /** Batches that are decoded ahead of the step. */
    private static final int PREFETCH = 2;

    private final TrainingConfig config;
    private final Preprocessing preprocessing;
    private final RandomStreams random;
    private final BadSamples badSamples;
    private final Consumer<StepReport> listener;

    /** Creates a trainer; what it cannot use is added to {@code badSamples}. */
    public Trainer(
            TrainingConfig config,
            Preprocessing preprocessing,
            RandomStreams random,
            BadSamples badSamples,
            Consumer<StepReport> listener) {
        this.config = config;
        this.preprocessing = preprocessing;
        this.random = random;
        this.badSamples = badSamples;
        this.listener = listener;
    }

    /** What learning an experience took. */
    public record Outcome(long samples, List<ParameterCounts.Group> groups) {}

    /**
     * Lets the method learn an experience.
     *
     * @throws IllegalArgumentException if the experience has no samples
     */
    public Outcome learn(Method method, Experience experience) {
        if (experience.train().size() == 0) {
            throw new IllegalArgumentException("experience '" + experience.name()
                    + "' has no sample to learn from; see what its data set selects");
        }
        Outcome outcome = switch (method.begin(experience)) {
            case LearningPlan.Nothing _ -> new Outcome(0, List.of());
            case LearningPlan.Gradients(List<ParameterGroup> groups) -> descend(method, experience, groups);
        };
        method.end();
        return outcome;
    }

    private Outcome descend(Method method, Experience experience, List<ParameterGroup> groups) {
        int steps = config.stepsFor(experience.train().size());
        Schedule schedule = new Schedule(config.warmUp(), steps);
        long samples = 0;
        long began = System.nanoTime();
        try (AdamW optimizer = new AdamW(groups, config.optimizer());
                Loader loader = loader(experience)) {
            var step = new OptimizerStep(groups, optimizer, config.precision(), config.clipNorm());
            for (int s = 0; s < steps; s++) {
                List<Supplier<Tensor>> losses = new ArrayList<>();
                for (int i = 0; i < config.accumulate(); i++) {
                    LoadedBatch loaded = loader.next();
                    samples += loaded.size();
                    losses.add(() -> method.loss(batch(experience, loaded)));
                }
                double rate = config.learningRate() * schedule.factor(s);
                OptimizerStep.Outcome outcome = step.take("step " + (s + 1) + " of " + experience.name(), losses, rate);
                method.stepped(s);
                listener.accept(new StepReport(
                        s + 1,
                        steps,
                        outcome.loss(),
                        outcome.gradientNorm(),
                        rate,
                        samples,
                        (System.nanoTime() - began) / 1e9));
            }
            optimizer.clearGradients();
        }
        return new Outcome(
                samples,
                groups.stream()
                        .map(group -> new ParameterCounts.Group(group.name(), group.count()))
                        .toList());
    }

    private Loader loader(Experience experience) {
        var sampler = BatchSampler.shuffled(
                experience.train().size(),
                config.batchSize(),
                random.stream("sample order").nextLong());
        return new Loader(
                experience.train(),
                sampler,
                sampler.start(),
                config.augmentation().preparation(preprocessing),
                new LoaderOptions(
                        config.threads(),
                        PREFETCH,
                        config.maxBadShare(),
                        random.stream("augmentation").nextLong()),
                badSamples);
    }

    private static Batch batch(Experience experience, LoadedBatch loaded) {
        int size = loaded.imageSize();
        return new Batch(experience, loaded.samples(), Tensors.of(loaded.pixels(), loaded.size(), 3, size, size));
    }
}
