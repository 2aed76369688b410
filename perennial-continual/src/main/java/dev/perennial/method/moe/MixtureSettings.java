package dev.perennial.method.moe;

import dev.perennial.method.Ranges;

/**
 * The shape of the mixtures.
 *
 * @param experts of a block
 * @param topK experts that a router chooses for a sample
 * @param bottleneck hidden units of an expert
 * @param scale factor on the output of an expert
 * @param dropout share of hidden units that are left out in training, in {@code [0, 1)}
 */
record MixtureSettings(int experts, int topK, int bottleneck, double scale, double dropout) {
    /** Checks the ranges. */
    MixtureSettings {
        Ranges.atLeast("experts", 1, experts);
        Ranges.atLeast("bottleneck", 1, bottleneck);
        Ranges.positive("scale", scale);
        if (topK < 1 || topK > experts) {
            throw new IllegalArgumentException(
                    "top-k must be between 1 and the " + experts + " experts but is " + topK);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1) but is " + dropout);
        }
    }
}
