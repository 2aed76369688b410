package dev.perennial.train;

import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.method.Batch;
import dev.perennial.method.Method;
import dev.perennial.method.ParameterGroup;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** The steps of one experience, from its beginning or from where they were saved. */
final class Descent {
    private final TrainingConfig config;
    private final Method method;
    private final Experience experience;
    private final RandomStreams random;
    private final Loader loader;
    private final AdamW optimizer;
    private final OptimizerStep step;
    private final Schedule schedule;
    private final int steps;
    private final TrainingState.Progress before;
    private final long began = System.nanoTime();
    private BatchSampler.Position position;
    private long samples;
    private int done;
    private int skipped;
    private int skippedInARow;

    /**
     * Creates the descent.
     *
     * @param steps optimizer steps of the whole experience
     * @param loader starts where the state is
     * @param optimizer holds what the state says of it
     */
    Descent(
            TrainingConfig config,
            Method method,
            Experience experience,
            List<ParameterGroup> groups,
            int steps,
            RandomStreams random,
            Loader loader,
            AdamW optimizer,
            TrainingState.Progress from) {
        this.config = config;
        this.method = method;
        this.experience = experience;
        this.random = random;
        this.loader = loader;
        this.before = from;
        this.position = before.position();
        this.samples = before.samples();
        this.done = before.step();
        this.skipped = before.skipped();
        this.skippedInARow = before.skippedInARow();
        this.steps = steps;
        this.schedule = config.schedule(steps);
        this.optimizer = optimizer;
        this.step = new OptimizerStep(groups, optimizer, config.precision(), config.clipNorm());
    }

    /** Takes all steps that are left and returns the number of samples and of skipped steps of the experience. */
    TrainingState.Progress run(Consumer<StepReport> listener, StepBoundary boundary) {
        while (done < steps) {
            StepReport report = next();
            listener.accept(report);
            boundary.reached(report, this::state);
        }
        optimizer.clearGradients();
        return progress();
    }

    private StepReport next() {
        double rate = config.learningRate() * experience.learningRateFactor() * schedule.factor(done);
        // What the engine draws in this step must not depend on the steps before it.
        random.seedEngine();
        List<Supplier<Tensor>> losses = new ArrayList<>();
        for (int i = 0; i < config.accumulate(); i++) {
            LoadedBatch loaded = loader.next();
            samples += loaded.size();
            position = loaded.next();
            losses.add(() -> method.loss(batch(experience, loaded)));
        }
        Optional<String> problem = Optional.empty();
        var outcome = new OptimizerStep.Outcome(Double.NaN, Double.NaN);
        try {
            outcome = step.take("step " + (done + 1) + " of " + experience.name(), losses, rate);
            method.stepped(done);
            skippedInARow = 0;
        } catch (DivergenceException e) {
            skip(e);
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        done++;
        return new StepReport(
                done,
                steps,
                outcome.loss(),
                outcome.gradientNorm(),
                rate,
                samples,
                progress().seconds(),
                skipped,
                problem);
    }

    /** Counts a step that was not taken, or throws where the policy or the weights do not allow to go on. */
    private void skip(DivergenceException e) {
        if (config.onDivergence() == OnDivergence.STOP || e.weightsAreBroken()) {
            throw e;
        }
        skipped++;
        skippedInARow++;
        if (skippedInARow > config.maxSkipped()) {
            throw new DivergenceException(
                    skippedInARow + " steps in a row were not finite, more than max-skipped allows; the last: "
                            + e.getMessage(),
                    false);
        }
    }

    private TrainingState state() {
        return new TrainingState(progress(), optimizer.steps(), optimizer.tensors());
    }

    private TrainingState.Progress progress() {
        return new TrainingState.Progress(
                done,
                position,
                before.augmentationSeed(),
                samples,
                skipped,
                skippedInARow,
                before.seconds() + (System.nanoTime() - began) / 1e9);
    }

    static Batch batch(Experience experience, LoadedBatch loaded) {
        int size = loaded.imageSize();
        return new Batch(experience, loaded.samples(), Tensors.of(loaded.pixels(), loaded.size(), 3, size, size));
    }
}
