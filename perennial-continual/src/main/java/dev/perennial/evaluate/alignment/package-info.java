/** How images and texts lie to each other and to the pretrained model's, followed through a run on a fixed sample. */
@NullMarked
package dev.perennial.evaluate.alignment;

import org.jspecify.annotations.NullMarked;
