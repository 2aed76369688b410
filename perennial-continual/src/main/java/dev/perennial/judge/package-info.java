/** Benchmarks of single models: what a CLIP, or what a run has made of it, can and cannot do. */
@NullMarked
package dev.perennial.judge;

import org.jspecify.annotations.NullMarked;
