/** Blind pairs are found wherever blocks begin, and no other pair is. */
@NullMarked
package dev.perennial.judge.blind;

import org.jspecify.annotations.NullMarked;
