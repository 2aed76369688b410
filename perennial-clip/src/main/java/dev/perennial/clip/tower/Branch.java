package dev.perennial.clip.tower;

import org.bytedeco.pytorch.Tensor;

/** A path that a method runs beside a sub-block of a residual block, such as a bottleneck adapter or a mixture of experts. */
@FunctionalInterface
public interface Branch {
    /** The sub-blocks that a branch can run beside. */
    enum Beside {
        /** The multi-head attention. */
        ATTENTION,
        /** The MLP. */
        MLP
    }

    /**
     * Computes the term that is added to the residual stream.
     *
     * @param residual the residual stream before the sub-block, {@code [batch, tokens, width]}
     * @param normalized the same after the sub-block's LayerNorm
     * @return the term, {@code [batch, tokens, width]}
     */
    Tensor apply(Tensor residual, Tensor normalized);
}
