package dev.perennial.train;

/**
 * Linear warm-up, then half a cosine to zero: the learning-rate schedule of ZSCL, MoE-Adapters and open_clip.
 *
 * @param warmUp steps of warm-up, at least 0
 * @param steps all steps, warm-up included
 */
public record Schedule(int warmUp, int steps) {
    /** Checks the ranges. */
    public Schedule {
        if (warmUp < 0 || steps < 1) {
            throw new IllegalArgumentException(
                    "a schedule needs at least one step and no negative warm-up, not " + steps + " and " + warmUp);
        }
    }

    /**
     * Returns the factor on the base rate, in {@code [0, 1]}.
     *
     * <p>Where warm-up is as long as the whole schedule, as in very short tasks, the cosine is never reached.
     *
     * @param step counted from 0
     */
    public double factor(int step) {
        if (step < warmUp) {
            return (step + 1.0) / warmUp;
        }
        if (steps <= warmUp) {
            return 1;
        }
        double progress = Math.min(1, (double) (step - warmUp) / (steps - warmUp));
        return 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
