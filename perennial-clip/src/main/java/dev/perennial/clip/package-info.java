/** CLIP as a library: load a checkpoint, embed images and texts, classify zero-shot. */
@NullMarked
package dev.perennial.clip;

import org.jspecify.annotations.NullMarked;
