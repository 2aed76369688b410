/** Event files as TensorBoard reads them. */
@NullMarked
package dev.perennial.run.tensorboard;

import org.jspecify.annotations.NullMarked;
