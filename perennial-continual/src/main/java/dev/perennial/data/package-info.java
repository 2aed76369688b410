/** Data sets: samples, readers, views, bad samples that are skipped and counted, and loading ahead of the training step. */
@NullMarked
package dev.perennial.data;

import org.jspecify.annotations.NullMarked;
