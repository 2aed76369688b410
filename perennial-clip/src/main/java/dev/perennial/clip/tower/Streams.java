package dev.perennial.clip.tower;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What runs through the blocks of a tower that has readers.
 *
 * @param tokens the tower's own, {@code [batch, tokens, width]}
 * @param readers each {@code [batch, readers, width]}; they see the tokens, themselves and those before them
 */
record Streams(Tensor tokens, List<Tensor> readers) {}
