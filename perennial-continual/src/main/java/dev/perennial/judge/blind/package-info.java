/** Blind pairs: images that a CLIP takes for nearly the same and another encoder tells apart. */
@NullMarked
package dev.perennial.judge.blind;

import org.jspecify.annotations.NullMarked;
