package dev.perennial.train;

import java.util.OptionalInt;

/**
 * Linear warm-up, then half a cosine to zero: the learning-rate schedule of ZSCL, MoE-Adapters and open_clip. With a cooldown the rate
 * stays at its peak instead and falls linearly at the end, so that a longer training can branch off before it (Zhai et al. 2022, arXiv
 * 2106.04560, section 3.3).
 *
 * @param warmUp steps of warm-up, at least 0
 * @param steps all steps, warm-up and cooldown included
 * @param cooldown steps of cooldown; absent for the cosine
 */
public record Schedule(int warmUp, int steps, OptionalInt cooldown) {
    /** Checks the ranges. */
    public Schedule {
        if (warmUp < 0 || steps < 1) {
            throw new IllegalArgumentException(
                    "a schedule needs at least one step and no negative warm-up, not " + steps + " and " + warmUp);
        }
        if (cooldown.isPresent() && (cooldown.getAsInt() < 0 || cooldown.getAsInt() > steps)) {
            throw new IllegalArgumentException(
                    "cooldown must be 0 to the number of steps, " + steps + ", but is " + cooldown.getAsInt());
        }
    }

    /** Creates the schedule with a cosine. */
    public Schedule(int warmUp, int steps) {
        this(warmUp, steps, OptionalInt.empty());
    }

    /** Returns the first step of the cooldown; that of the whole schedule where there is a cosine, since it never holds the rate. */
    public int cooldownStart() {
        return cooldown.isPresent() ? steps - cooldown.getAsInt() : 0;
    }

    /**
     * Returns the factor on the base rate, in {@code [0, 1]}.
     *
     * <p>Where warm-up is as long as the whole schedule, as in very short tasks, the cosine is never reached.
     *
     * @param step counted from 0
     */
    public double factor(int step) {
        double held = step < warmUp ? (step + 1.0) / warmUp : 1;
        if (cooldown.isPresent()) {
            return step < cooldownStart()
                    ? held
                    : held * Math.max(0, (double) (steps - step) / (cooldown.getAsInt() + 1));
        }
        if (step < warmUp || steps <= warmUp) {
            return held;
        }
        double progress = Math.min(1, (double) (step - warmUp) / (steps - warmUp));
        return 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
