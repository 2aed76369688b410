/** Trains a small CLIP from scratch: its vocabulary from the captions, its weights by contrast. */
@NullMarked
package dev.perennial.pretrain;

import org.jspecify.annotations.NullMarked;
