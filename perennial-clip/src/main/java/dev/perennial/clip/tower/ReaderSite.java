package dev.perennial.clip.tower;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Tokens that read a tower's tokens without being seen by them, such as task prompts: what the tower makes of its own tokens stays as
 * it is, bit for bit, and gradients run along the readers alone, because the keys and values that they read are constants to them.
 *
 * <p>They enter where the tower's tokens do, without a positional embedding, and pass through the same blocks and norms. A rewrite of
 * the tokens before a block leaves them out.
 */
public interface ReaderSite {
    /** Returns the readers as they enter, {@code [readers, width]}, the same for every sample. */
    Tensor readers();

    /** Returns an additive attention mask {@code [readers, readers]} among them, or nothing where each sees all. */
    Optional<Tensor> mask();
}
