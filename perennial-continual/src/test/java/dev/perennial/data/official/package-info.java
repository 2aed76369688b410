/** The official layouts, on small folders of the same form. */
@NullMarked
package dev.perennial.data.official;

import org.jspecify.annotations.NullMarked;
