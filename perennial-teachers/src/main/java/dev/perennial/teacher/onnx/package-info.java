/** Teachers that run in ONNX Runtime. */
@NullMarked
package dev.perennial.teacher.onnx;

import org.jspecify.annotations.NullMarked;
