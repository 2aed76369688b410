package dev.perennial.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.method.Method;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How an experience is trained.
 *
 * @param learningRate the schedule's peak
 * @param steps optimizer steps an experience; give one of steps, epochs, samples and gmacs
 * @param epochs passes over an experience's data, or in an online stream over each batch when it comes
 * @param samples samples seen an experience, kept to within one batch
 * @param gmacs compute an experience in 10^9 multiply-adds of the forward pass over an image and a text of full length, kept to within
 *     one batch
 * @param warmUp steps of linear warm-up
 * @param warmUpOn the experiences that begin with a warm-up; every one if absent
 * @param cooldown steps of linear fall at the end of a constant rate; absent for a cosine
 * @param nextFrom weights with which the next experience goes on; those at the end if absent
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
        Optional<Long> samples,
        Optional<Double> gmacs,
        int warmUp,
        Optional<WarmUpOn> warmUpOn,
        Optional<Integer> cooldown,
        Optional<NextFrom> nextFrom,
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
        long lengths = Stream.of(steps, epochs, samples, gmacs)
                .filter(Optional::isPresent)
                .count();
        if (lengths != 1) {
            throw new IllegalArgumentException("training needs one of steps, epochs, samples and gmacs, and has "
                    + (lengths == 0 ? "none" : "several"));
        }
        if (samples.orElse(1L) < 1 || !(gmacs.orElse(1.0) > 0)) {
            throw new IllegalArgumentException("training.samples and training.gmacs must be positive");
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
        if (nextFrom.orElse(NextFrom.END) == NextFrom.BEFORE_COOLDOWN && cooldown.orElse(0) < 1) {
            throw new IllegalArgumentException(
                    "next-from: before-cooldown needs a cooldown of at least one step; set training.cooldown");
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
        if (branches()) {
            throw new IllegalArgumentException(
                    "an online stream is one experience, which none comes after; leave out training.next-from");
        }
        if (accumulate > 1) {
            throw new IllegalArgumentException(
                    "in an online stream every batch is a step; set training.accumulate to 1");
        }
    }

    /**
     * Checks that a method can be trained so.
     *
     * @throws IllegalArgumentException if it cannot go on from before a cooldown
     */
    public void requireFit(Method method) {
        if (branches() && !method.canBranch()) {
            throw new IllegalArgumentException(
                    "the method, or an option of it, says itself with which weights an experience begins or"
                            + " ends; leave out training.next-from");
        }
    }

    /** Returns the optimizer's settings; they check their own ranges. */
    public AdamWConfig optimizer() {
        return new AdamWConfig(beta1, beta2, epsilon, weightDecay);
    }

    /** The experiences that begin with a warm-up. */
    public enum WarmUpOn {
        /** Every one. */
        @JsonProperty("every")
        EVERY,
        /** The first one alone: later ones begin with the peak rate (TiC-CLIP, arXiv 2310.16226). */
        @JsonProperty("first")
        FIRST
    }

    /** The weights with which the next experience goes on. */
    public enum NextFrom {
        /** Those at the end. */
        @JsonProperty("end")
        END,
        /** Those before the rate began to fall: the model that was judged is a branch (Zhai et al. 2022, arXiv 2106.04560, section 3.3). */
        @JsonProperty("before-cooldown")
        BEFORE_COOLDOWN
    }

    /** Tells whether the next experience goes on from before the cooldown. */
    public boolean branches() {
        return nextFrom.orElse(NextFrom.END) == NextFrom.BEFORE_COOLDOWN;
    }

    /** Returns the schedule of the learning rate over this many steps. */
    public Schedule schedule(int total) {
        return schedule(total, 0);
    }

    /** Returns the schedule of the learning rate over the steps of an experience. */
    public Schedule schedule(int total, int experience) {
        boolean warm = experience == 0 || warmUpOn.orElse(WarmUpOn.EVERY) == WarmUpOn.EVERY;
        return new Schedule(
                warm ? warmUp : 0, total, cooldown.map(OptionalInt::of).orElseGet(OptionalInt::empty));
    }

    /** Returns the same with compute turned into samples of a model that needs so many multiply-adds for one. */
    public TrainingConfig forModel(long macs) {
        return gmacs.map(budget -> new TrainingConfig(
                        learningRate,
                        steps,
                        epochs,
                        Optional.of(Math.max(1, (long) Math.floor(budget * 1e9 / macs))),
                        Optional.empty(),
                        warmUp,
                        warmUpOn,
                        cooldown,
                        nextFrom,
                        batchSize,
                        accumulate,
                        weightDecay,
                        beta1,
                        beta2,
                        epsilon,
                        clipNorm,
                        precision,
                        augmentation,
                        threads,
                        maxBadShare,
                        onDivergence,
                        maxSkipped))
                .orElse(this);
    }

    /** Returns the number of optimizer steps over this many samples. */
    public int stepsFor(int size) {
        return stepsFor(size, 1);
    }

    /**
     * Returns the number of optimizer steps over this many samples in a multiple of the configured length.
     *
     * @throws IllegalStateException if the length is compute and the model is not known; see {@link #forModel}
     */
    public int stepsFor(int size, double multiple) {
        if (gmacs.isPresent()) {
            throw new IllegalStateException("a budget of compute has a number of steps for a model only");
        }
        long perStep = (long) batchSize * accumulate;
        long count = samples.map(budget -> stepsWithin((long) Math.floor(multiple * budget), size))
                .orElseGet(() -> Math.round(multiple
                        * steps.orElseGet(() -> Math.toIntExact(
                                Math.max(1, Math.ceilDiv((long) size * epochs.orElseThrow(), perStep))))));
        return Math.toIntExact(Math.max(1, count));
    }

    /** Returns the most steps that see no more samples than a budget; the last batch of an epoch may be a small one. */
    private long stepsWithin(long budget, int size) {
        long taken = 0;
        long seen = 0;
        int offset = 0;
        while (true) {
            for (int batch = 0; batch < accumulate; batch++) {
                int count = Math.min(batchSize, size - offset);
                seen += count;
                offset = (offset + count) % size;
            }
            if (seen > budget) {
                return taken;
            }
            taken++;
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 but is " + value);
        }
    }
}
