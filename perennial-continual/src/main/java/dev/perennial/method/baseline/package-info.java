/** The two ends between which every method lies: learn nothing, and learn without care for what was known. */
@NullMarked
package dev.perennial.method.baseline;

import org.jspecify.annotations.NullMarked;
