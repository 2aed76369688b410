/** Metrics against hand-worked tables, invariants and the numbers of the original code. */
@NullMarked
package dev.perennial.evaluate.metric;

import org.jspecify.annotations.NullMarked;
