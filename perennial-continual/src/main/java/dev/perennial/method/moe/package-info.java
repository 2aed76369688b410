/** Mixtures of bottleneck experts beside the MLPs of a frozen CLIP, and autoencoders that say whose experts an image is for. */
@NullMarked
package dev.perennial.method.moe;

import org.jspecify.annotations.NullMarked;
