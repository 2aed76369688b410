/** Finds the golden cases: expected values made with the original public code of each method. */
@NullMarked
package dev.perennial.clip.golden;

import org.jspecify.annotations.NullMarked;
