/** Benchmarks run what is to do, skip what is done, and survive failures. */
@NullMarked
package dev.perennial.bench;

import org.jspecify.annotations.NullMarked;
