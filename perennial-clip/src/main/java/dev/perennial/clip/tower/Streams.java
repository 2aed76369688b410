package dev.perennial.clip.tower;

import org.bytedeco.pytorch.Tensor;

/**
 * What runs through the blocks of a tower that has readers.
 *
 * @param tokens the tower's own, {@code [batch, tokens, width]}
 * @param readers {@code [batch, readers, width]}
 */
record Streams(Tensor tokens, Tensor readers) {}
