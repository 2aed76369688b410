/** Tests of the checkpoint room. */
@NullMarked
package dev.perennial.clip.checkpoint;

import org.jspecify.annotations.NullMarked;
