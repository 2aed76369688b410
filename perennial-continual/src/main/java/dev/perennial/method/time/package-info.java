/** Strategies for image-text pairs that arrive month after month (TiC-CLIP). */
@NullMarked
package dev.perennial.method.time;

import org.jspecify.annotations.NullMarked;
