/** Judging a model at any time while an online stream goes on. */
@NullMarked
package dev.perennial.evaluate.anytime;

import org.jspecify.annotations.NullMarked;
