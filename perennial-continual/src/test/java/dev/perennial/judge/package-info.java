/** Benchmarks read exactly the published forms, refuse others, and score as they say. */
@NullMarked
package dev.perennial.judge;

import org.jspecify.annotations.NullMarked;
