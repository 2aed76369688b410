/** Benchmarks of speed and memory, each a program of its own. */
@NullMarked
package dev.perennial.benchmarks;

import org.jspecify.annotations.NullMarked;
