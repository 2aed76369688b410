package dev.perennial.clip.tower;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Extra tokens at the entrance of a tower, such as task prompts: they enter after the positional embedding is added, so that they
 * have none of their own.
 */
public interface TokenSite {
    /** Returns the sequence with the extra tokens in it, {@code [batch, tokens, width]}. */
    Tensor extend(Tensor tokens);

    /** Returns an additive attention mask {@code [tokens, tokens]} over the extended sequence, or nothing for full attention. */
    Optional<Tensor> mask(long tokens);

    /**
     * Returns the rows to be pooled, {@code [batch, pooled, width]}, from the last block's output over the extended sequence.
     */
    Tensor pooled(Tensor tokens);
}
