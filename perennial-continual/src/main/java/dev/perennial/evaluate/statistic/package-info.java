/** How sure a measured score is, and whether two models differ. */
@NullMarked
package dev.perennial.evaluate.statistic;

import org.jspecify.annotations.NullMarked;
