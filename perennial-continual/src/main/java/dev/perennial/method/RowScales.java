package dev.perennial.method;

import org.bytedeco.pytorch.Tensor;

/**
 * How strongly an optimizer moves each of some rows of a parameter; its other rows it leaves bit for bit as they are (TEIR, Yang et al.
 * 2024, arXiv 2401.17186).
 *
 * @param rows the rows that move, int64 {@code [n]}, each once
 * @param gradient factor for each of them, {@code [n, 1]}: of the gradient, or of the step
 * @param decay factor of the weight decay for each of them, {@code [n, 1]}
 * @param onStep whether {@code gradient} scales the step rather than the gradient, to which Adam is nearly blind
 */
public record RowScales(Tensor rows, Tensor gradient, Tensor decay, boolean onStep) {}
