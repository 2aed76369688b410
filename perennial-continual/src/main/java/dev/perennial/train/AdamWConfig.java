package dev.perennial.train;

/**
 * The settings of {@link AdamW}.
 *
 * @param beta1 decay of the running mean of gradients, in {@code [0, 1)}
 * @param beta2 decay of the running mean of squared gradients, in {@code [0, 1)}
 * @param epsilon added to the root of the running square
 * @param weightDecay decoupled decay of the groups that decay, at least 0
 */
public record AdamWConfig(double beta1, double beta2, double epsilon, double weightDecay) {
    /** Settings of ZSCL's repository and its baselines: betas 0.9 and 0.999, epsilon 1e-8, no decay. */
    public static final AdamWConfig FINE_TUNING = new AdamWConfig(0.9, 0.999, 1e-8, 0.0);

    /** Checks the ranges. */
    public AdamWConfig {
        requireShare("beta1", beta1);
        requireShare("beta2", beta2);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be positive but is " + epsilon);
        }
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("weight-decay must be at least 0 but is " + weightDecay);
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1) but is " + value);
        }
    }
}
