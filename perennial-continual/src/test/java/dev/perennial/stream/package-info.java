/** Streams open in the order, groups and amounts that a configuration asks for. */
@NullMarked
package dev.perennial.stream;

import org.jspecify.annotations.NullMarked;
