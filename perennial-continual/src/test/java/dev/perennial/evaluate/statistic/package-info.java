/** Intervals cover, tests tell real differences from none, and errors are those worked out by hand. */
@NullMarked
package dev.perennial.evaluate.statistic;

import org.jspecify.annotations.NullMarked;
