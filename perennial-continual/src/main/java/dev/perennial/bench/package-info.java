/** Benchmarks: many runs over one stream, the table of their results, and what is still to do. */
@NullMarked
package dev.perennial.bench;

import org.jspecify.annotations.NullMarked;
