/** The losses that align images and texts. */
@NullMarked
package dev.perennial.clip.loss;

import org.jspecify.annotations.NullMarked;
