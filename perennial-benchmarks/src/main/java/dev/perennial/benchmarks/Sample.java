package dev.perennial.benchmarks;

import java.util.OptionalDouble;

/**
 * What one round measured of a contender.
 *
 * @param itemsPerSecond its speed
 * @param shareOfGemm its rate of operations over that of matrix products of the same precision around it
 * @param peerItemsPerSecond ONNX Runtime's speed; absent where it has no counterpart
 */
record Sample(double itemsPerSecond, double shareOfGemm, OptionalDouble peerItemsPerSecond) {}
