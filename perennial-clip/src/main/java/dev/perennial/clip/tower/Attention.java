package dev.perennial.clip.tower;

import dev.perennial.clip.tensor.TensorScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Scaled dot-product attention (Vaswani et al. 2017, arXiv 1706.03762, section 3.2.1) by the fastest way for its inputs. */
final class Attention {
    private Attention() {}

    /**
     * Attends from queries to keys, all {@code [batch, heads, tokens, headWidth]}.
     *
     * @param mask additive over {@code [tokens, tokens]}, absent for none
     * @param causal whether a token sees only itself and earlier ones
     */
    static Tensor apply(Tensor query, Tensor key, Tensor value, TensorOptional mask, boolean causal) {
        // The engine's fused kernel multiplies head by head. In bfloat16 on a CPU each of these small products pays for
        // setting up its own kernel, which takes about ten times as long as two batched products and a softmax.
        boolean fused = query.scalar_type().intern() != torch.ScalarType.BFloat16 || query.is_cuda();
        return fused
                ? torch.scaled_dot_product_attention(query, key, value, mask, 0.0, causal, new DoubleOptional(), false)
                : batched(query, key, value, mask, causal);
    }

    private static Tensor batched(Tensor query, Tensor key, Tensor value, TensorOptional mask, boolean causal) {
        return TensorScope.compute(() -> {
            Tensor scores = query.mul(new Scalar(1 / Math.sqrt(query.size(3)))).matmul(key.transpose(2, 3));
            if (mask.has_value()) {
                scores.add_(mask.get());
            }
            if (causal) {
                scores.add_(future(query.size(2)));
            }
            return torch.softmax(scores, -1).matmul(value);
        });
    }

    /** Returns minus infinity where the column is after the row, {@code [tokens, tokens]}. */
    private static Tensor future(long tokens) {
        return torch.full(new long[] {tokens, tokens}, new Scalar(Double.NEGATIVE_INFINITY))
                .triu(1);
    }
}
