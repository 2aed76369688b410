/** Results survive the way to their files and back; damaged files say what is wrong. */
@NullMarked
package dev.perennial.evaluate;

import org.jspecify.annotations.NullMarked;
