package dev.perennial.train;

import dev.perennial.clip.tensor.Precision;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an experience is trained.
 *
 * @param learningRate the schedule's peak
 * @param steps optimizer steps an experience; give this or epochs
 * @param epochs passes over an experience's data, or in an online stream over each batch when it comes; give this or steps
 * @param warmUp steps of linear warm-up
 * @param cooldown steps of linear fall at the end of a constant rate; absent for a cosine
 * @param batchSize samples a forward pass
 * @param accumulate forward passes a step; their gradients are averaged
 * @param weightDecay decoupled decay of matrices
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon of the optimizer
 * @param clipNorm largest norm of all gradients together; absent for no limit
 * @param precision number format of matrix products
 * @param augmentation what happens to training images
 * @param threads threads that decode images ahead of the step
 * @param maxBadShare share of unusable samples above which training stops, in {@code [0, 1]}
 * @param onDivergence what to do about a step whose loss or gradient is not finite
 * @param maxSkipped steps in a row that may be skipped for that
 */
public record TrainingConfig(
        double learningRate,
        Optional<Integer> steps,
        Optional<Integer> epochs,
        int warmUp,
        Optional<Integer> cooldown,
        int batchSize,
        int accumulate,
        double weightDecay,
        double beta1,
        double beta2,
        double epsilon,
        Optional<Double> clipNorm,
        Precision precision,
        AugmentationConfig augmentation,
        int threads,
        double maxBadShare,
        OnDivergence onDivergence,
        int maxSkipped) {
    /** Checks the ranges. */
    public TrainingConfig {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learning-rate must be positive but is " + learningRate);
        }
        if (steps.isPresent() == epochs.isPresent()) {
            throw new IllegalArgumentException(
                    "training needs either steps or epochs, " + (steps.isPresent() ? "not both" : "and has neither"));
        }
        requirePositive("steps", steps.orElse(1));
        requirePositive("epochs", epochs.orElse(1));
        requirePositive("batch-size", batchSize);
        requirePositive("accumulate", accumulate);
        requirePositive("threads", threads);
        requirePositive("max-skipped", maxSkipped);
        if (warmUp < 0) {
            throw new IllegalArgumentException("warm-up must be at least 0 but is " + warmUp);
        }
        if (clipNorm.isPresent() && !(clipNorm.get() > 0)) {
            throw new IllegalArgumentException("clip-norm must be positive but is " + clipNorm.get());
        }
        if (!(maxBadShare >= 0 && maxBadShare <= 1)) {
            throw new IllegalArgumentException("max-bad-share must be in [0, 1] but is " + maxBadShare);
        }
    }

    /**
     * Checks that this says how an online stream is trained.
     *
     * @throws IllegalArgumentException if it sets what has no meaning where samples come once
     */
    public void requireOnline() {
        if (steps.isPresent()) {
            throw new IllegalArgumentException(
                    "an online stream ends when its samples have come; set training.epochs, the"
                            + " number of steps over each batch, instead of training.steps");
        }
        if (accumulate > 1) {
            throw new IllegalArgumentException(
                    "in an online stream every batch is a step; set training.accumulate to 1");
        }
    }

    /** Returns the optimizer's settings; they check their own ranges. */
    public AdamWConfig optimizer() {
        return new AdamWConfig(beta1, beta2, epsilon, weightDecay);
    }

    /** Returns the schedule of the learning rate over this many steps. */
    public Schedule schedule(int total) {
        return new Schedule(warmUp, total, cooldown.map(OptionalInt::of).orElseGet(OptionalInt::empty));
    }

    /** Returns the number of optimizer steps over this many samples. */
    public int stepsFor(int samples) {
        long perStep = (long) batchSize * accumulate;
        return steps.orElseGet(() ->
                Math.toIntExact(Math.max(1, Math.ceilDiv((long) samples * epochs.orElseThrow(), perStep))));
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 but is " + value);
        }
    }
}
