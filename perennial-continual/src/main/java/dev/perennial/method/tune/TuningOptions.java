package dev.perennial.method.tune;

import dev.perennial.method.Part;
import java.util.Set;

/**
 * What all methods choose that train the model itself.
 *
 * @param train the parts to train; the logit scale stays frozen in the published methods
 * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
 */
public record TuningOptions(Set<Part> train, double labelSmoothing) {
    /** Checks the ranges. */
    public TuningOptions {
        train = Set.copyOf(train);
        if (train.isEmpty()) {
            throw new IllegalArgumentException("train names no part; use the method 'frozen' to train nothing");
        }
        requireSmoothing(labelSmoothing);
    }

    /** Requires a share of the target that can be spread over all classes. */
    public static void requireSmoothing(double labelSmoothing) {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException("label-smoothing must be in [0, 1) but is " + labelSmoothing);
        }
    }
}
