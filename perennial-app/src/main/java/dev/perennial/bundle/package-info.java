/** The model and the data that ship with the program. */
@NullMarked
package dev.perennial.bundle;

import org.jspecify.annotations.NullMarked;
