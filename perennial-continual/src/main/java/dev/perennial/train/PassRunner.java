package dev.perennial.train;

import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.method.Batch;
import dev.perennial.stream.Experience;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Shows a method the batches of an experience that it learns without gradients. */
final class PassRunner {
    private final TrainingConfig config;
    private final Experience experience;
    private final RandomStreams random;
    private final Loader loader;
    private final TrainingState.Progress before;
    private final int steps;
    private final long began = System.nanoTime();
    private BatchSampler.Position position;
    private long samples;
    private int done;

    /**
     * Creates the runner.
     *
     * @param sampler says how many batches there are
     * @param loader starts where the progress is
     */
    PassRunner(
            TrainingConfig config,
            Experience experience,
            RandomStreams random,
            BatchSampler sampler,
            Loader loader,
            TrainingState.Progress from) {
        this.config = config;
        this.experience = experience;
        this.random = random;
        this.loader = loader;
        this.before = from;
        this.steps = config.epochs()
                .map(epochs -> sampler.batchesPerEpoch() * epochs)
                .orElseGet(() -> config.stepsFor(experience.train().size()));
        this.position = from.position();
        this.samples = from.samples();
        this.done = from.step();
    }

    /** Shows all batches that are left and returns the number of samples of the experience. */
    long run(Consumer<Batch> learner, Consumer<StepReport> listener, StepBoundary boundary) {
        // Bad samples make an epoch shorter, so the loader may end before the last step.
        while (done < steps && loader.hasNext()) {
            random.seedEngine();
            LoadedBatch loaded = loader.next();
            try (var _ = new TensorScope();
                    var _ = config.precision().begin()) {
                learner.accept(Descent.batch(experience, loaded));
            }
            done++;
            samples += loaded.size();
            position = loaded.next();
            var report = new StepReport(
                    done, steps, Double.NaN, Double.NaN, 0, samples, seconds(), 0, Optional.empty(), Map.of());
            listener.accept(report);
            boundary.reached(report, () -> new TrainingState(progress(), Map.of(), Map.of()));
        }
        return samples;
    }

    private TrainingState.Progress progress() {
        return new TrainingState.Progress(
                done, position, before.augmentationSeed(), samples, 0, 0, seconds(), Optional.empty());
    }

    private double seconds() {
        return before.seconds() + (System.nanoTime() - began) / 1e9;
    }
}
