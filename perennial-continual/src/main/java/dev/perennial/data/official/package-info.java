/** The data sets of the MTIL benchmark as their authors lay them out: class names, splits and where each picture lies. */
@NullMarked
package dev.perennial.data.official;

import org.jspecify.annotations.NullMarked;
