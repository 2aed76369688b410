/** Images: decoding with limits as Pillow does, PIL-exact antialiased resizing, CLIP's preprocessing and augmentation. */
@NullMarked
package dev.perennial.clip.image;

import org.jspecify.annotations.NullMarked;
