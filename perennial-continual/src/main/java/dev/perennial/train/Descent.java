package dev.perennial.train;

import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.method.Batch;
import dev.perennial.method.Method;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.Tower;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** The steps of one experience, from its beginning or from where they were saved, at one go or in several stretches. */
final class Descent {
    private final TrainingConfig config;
    private final Method method;
    private final Experience experience;
    private final Function<LoadedBatch, Batch> batches;
    private final RandomStreams random;
    private final Iterator<LoadedBatch> loader;
    private final AdamW optimizer;
    private final OptimizerStep step;
    private final Schedule schedule;
    private final int steps;
    private final TrainingState.Progress before;
    private final OptionalInt gradientsEvery;
    private BatchSampler.Position position;
    private long samples;
    private int done;
    private int skipped;
    private int skippedInARow;
    private double seconds;
    private long began = System.nanoTime();
    private int first;
    private int past;

    /**
     * Creates the descent.
     *
     * @param batches makes what the method is given of what was loaded
     * @param steps optimizer steps of the whole experience
     * @param loader starts where the state is
     * @param optimizer holds what the state says of it
     * @param gradientsEvery steps from one measurement of gradients to the next; absent for none
     */
    Descent(
            TrainingConfig config,
            Method method,
            Experience experience,
            Function<LoadedBatch, Batch> batches,
            List<ParameterGroup> groups,
            int steps,
            RandomStreams random,
            Iterator<LoadedBatch> loader,
            AdamW optimizer,
            TrainingState.Progress from,
            OptionalInt gradientsEvery) {
        this.gradientsEvery = gradientsEvery;
        this.config = config;
        this.method = method;
        this.experience = experience;
        this.batches = batches;
        this.random = random;
        this.loader = loader;
        this.before = from;
        this.position = before.position();
        this.samples = before.samples();
        this.done = before.step();
        this.skipped = before.skipped();
        this.skippedInARow = before.skippedInARow();
        this.steps = steps;
        this.seconds = before.seconds();
        this.schedule = config.schedule(steps, experience.index());
        this.optimizer = optimizer;
        this.step = new OptimizerStep(groups, optimizer, config.precision(), config.clipNorm());
    }

    /** Takes all steps that are left and returns the number of samples and of skipped steps of the experience. */
    TrainingState.Progress run(Consumer<StepReport> listener, StepBoundary boundary) {
        run(() -> done < steps, 0, steps, listener, boundary);
        return progress();
    }

    /**
     * Takes steps as long as there is reason to.
     *
     * @param goesOn is asked before each step
     * @param from steps before this stretch, left out of reports
     * @param to steps at its end
     */
    void run(BooleanSupplier goesOn, int from, int to, Consumer<StepReport> listener, StepBoundary boundary) {
        began = System.nanoTime();
        first = from;
        past = to;
        while (goesOn.getAsBoolean()) {
            StepReport report = next();
            long pause = System.nanoTime();
            listener.accept(report);
            boundary.reached(report, this::state);
            // Neither evaluating nor saving is learning.
            began += System.nanoTime() - pause;
        }
        optimizer.clearGradients();
        seconds += sinceBegan();
        began = System.nanoTime();
    }

    private double sinceBegan() {
        return (System.nanoTime() - began) / 1e9;
    }

    private StepReport next() {
        if (config.branches() && done == schedule.cooldownStart()) {
            method.cooling();
        }
        double rate = config.learningRate() * experience.learningRateFactor() * schedule.factor(done);
        // What the engine draws in this step must not depend on the steps before it.
        random.seedEngine();
        List<Supplier<Tensor>> losses = new ArrayList<>();
        for (int i = 0; i < config.accumulate(); i++) {
            LoadedBatch loaded = loader.next();
            samples += loaded.size();
            position = loaded.next();
            losses.add(() -> method.loss(batches.apply(loaded)));
        }
        Optional<String> problem = Optional.empty();
        Map<Tower, TowerGradient> gradients = new EnumMap<>(Tower.class);
        var outcome = new OptimizerStep.Outcome(Double.NaN, Double.NaN);
        try {
            String what = "step " + (done + 1) + " of " + experience.name();
            boolean measured = gradientsEvery.isPresent() && (done + 1) % gradientsEvery.getAsInt() == 0;
            outcome = step.take(
                    what,
                    losses,
                    rate,
                    measured ? () -> gradients.putAll(TowerGradient.of(optimizer, method::tower)) : () -> {});
            method.stepped(done);
            skippedInARow = 0;
        } catch (DivergenceException e) {
            skip(e);
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        done++;
        return new StepReport(
                done - first,
                past - first,
                outcome.loss(),
                outcome.gradientNorm(),
                rate,
                samples,
                progress().seconds(),
                skipped,
                problem,
                gradients);
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

    TrainingState state() {
        return new TrainingState(progress(), optimizer.steps(), optimizer.tensors());
    }

    TrainingState.Progress progress() {
        return new TrainingState.Progress(
                done,
                position,
                before.augmentationSeed(),
                samples,
                skipped,
                skippedInARow,
                seconds + sinceBegan(),
                Optional.empty());
    }

    static Batch batch(Experience experience, LoadedBatch loaded) {
        return new Batch(experience, loaded.samples(), pixels(loaded));
    }

    static Tensor pixels(LoadedBatch loaded) {
        int size = loaded.imageSize();
        return Tensors.of(loaded.pixels(), loaded.size(), 3, size, size);
    }
}
