package dev.perennial.benchmarks;

import dev.perennial.clip.tensor.Precision;
import java.util.Optional;

/**
 * Something whose speed is measured.
 *
 * @param what names it in the table
 * @param batch items a call processes
 * @param precision number format of its matrix products
 * @param work floating-point operations of the matrix products of a call
 * @param body a call
 * @param peer the same work by ONNX Runtime
 */
record Contender(String what, int batch, Precision precision, double work, Runnable body, Optional<Runnable> peer) {}
