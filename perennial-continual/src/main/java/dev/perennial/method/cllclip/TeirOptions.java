package dev.perennial.method.cllclip;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * TEIR's regularisation: the rows of tokens that were used before change less, those that are not used now do not change (arXiv 2401.17186,
 * section 3.3).
 *
 * @param gradient whether gradients are scaled
 * @param decay whether weight decay is scaled; else it shrinks every row, also of languages that are not learned now
 * @param on what {@code gradient} scales
 * @param counting what counts as use
 */
record TeirOptions(boolean gradient, boolean decay, Scaled on, Counting counting) {
    /** What the factor is applied to. */
    enum Scaled {
        /** The gradient, as in the repository. Adam divides it out again wherever gradients are far above epsilon. */
        @JsonProperty("gradient")
        GRADIENT,
        /** Adam's step, which makes the factor a learning rate for each row. */
        @JsonProperty("step")
        STEP
    }

    boolean scales() {
        return gradient || decay;
    }
}
