/** Checkpoints that survive a crash at any moment: written aside, hashed, forced to the disk, and renamed into place. */
@NullMarked
package dev.perennial.train.checkpoint;

import org.jspecify.annotations.NullMarked;
