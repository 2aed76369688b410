/** What happens to the towers during training: gradients, and how far features drift. */
@NullMarked
package dev.perennial.evaluate.diagnosis;

import org.jspecify.annotations.NullMarked;
