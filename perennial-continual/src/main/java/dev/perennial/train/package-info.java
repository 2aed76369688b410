/** The training loop and its parts; it does not know which method runs. */
@NullMarked
package dev.perennial.train;

import org.jspecify.annotations.NullMarked;
