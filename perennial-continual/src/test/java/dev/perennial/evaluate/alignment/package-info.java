/** Alignment is measured the same by a run that was stopped, and says nothing where nothing was asked. */
@NullMarked
package dev.perennial.evaluate.alignment;

import org.jspecify.annotations.NullMarked;
