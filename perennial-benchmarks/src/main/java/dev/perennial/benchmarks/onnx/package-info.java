/** Writes CLIP's towers as ONNX graphs and runs them with ONNX Runtime, the peer in the benchmarks. */
@NullMarked
package dev.perennial.benchmarks.onnx;

import org.jspecify.annotations.NullMarked;
