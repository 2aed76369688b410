/** Metrics as pure functions over arrays and records; every percentage is in the range 0 to 100. */
@NullMarked
package dev.perennial.evaluate.metric;

import org.jspecify.annotations.NullMarked;
