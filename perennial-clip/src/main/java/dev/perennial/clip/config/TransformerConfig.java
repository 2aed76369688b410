package dev.perennial.clip.config;

/**
 * The sizes of a stack of pre-norm residual attention blocks.
 *
 * @param width channels of the residual stream
 * @param layers number of blocks
 * @param heads attention heads; divides the width
 * @param mlpWidth hidden width of the MLP, four times the width in every published CLIP
 * @param activation nonlinearity of the MLP
 * @param layerNormEpsilon added to the variance in every LayerNorm
 */
public record TransformerConfig(
        int width, int layers, int heads, int mlpWidth, Activation activation, double layerNormEpsilon) {
    /** The LayerNorm epsilon of every published CLIP. */
    public static final double DEFAULT_EPSILON = 1e-5;

    /** Checks that the sizes fit together. */
    public TransformerConfig {
        Sizes.requirePositive("width", width);
        Sizes.requireUpTo(Sizes.LAYERS, "layers", layers);
        Sizes.requirePositive("heads", heads);
        Sizes.requirePositive("mlp width", mlpWidth);
        if (!(layerNormEpsilon >= 0 && layerNormEpsilon < 1)) {
            throw new IllegalArgumentException("layer norm epsilon must be in [0, 1) but is " + layerNormEpsilon);
        }
        if (width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " is not divisible by " + heads + " heads");
        }
    }

    /** Creates the usual stack: an MLP of four times the width, epsilon 1e-5. */
    public static TransformerConfig of(int width, int layers, int heads, Activation activation) {
        return new TransformerConfig(width, layers, heads, 4 * width, activation, DEFAULT_EPSILON);
    }

    /** Returns the number of parameters of all blocks. */
    public long parameterCount() {
        long w = width;
        long attention = 3 * w * w + 3 * w + w * w + w;
        long mlp = 2 * w * mlpWidth + mlpWidth + w;
        return layers * (attention + mlp + 4 * w);
    }

    /** Returns the multiply-adds of a forward pass over one sequence: all matrix products, those of attention included. */
    long macs(long tokens) {
        return layers * (tokens * (4L * width * width + 2L * width * mlpWidth) + 2 * tokens * tokens * width);
    }
}
