/** Event files are what TensorBoard reads. */
@NullMarked
package dev.perennial.run.tensorboard;

import org.jspecify.annotations.NullMarked;
