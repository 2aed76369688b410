package dev.perennial.clip.tower;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Tokens that read a tower's tokens without being seen by them, such as task prompts: what the tower makes of its own tokens stays as
 * it is, bit for bit, and gradients run along the readers alone, because the keys and values that they read are constants to them.
 *
 * <p>They enter where the tower's tokens do, without a positional embedding, and pass through the same blocks and norms. A rewrite of
 * the tokens before a block leaves them out.
 */
@FunctionalInterface
public interface ReaderSite {
    /**
     * Returns the readers as they enter, in groups {@code [readers, width]} that are the same for every sample. A reader sees its own
     * group, the groups before it and the tower's tokens.
     */
    List<Tensor> groups();
}
