/** Fine-tuning of the whole model, and the places at which safeguards against forgetting enter it. */
@NullMarked
package dev.perennial.method.tune;

import org.jspecify.annotations.NullMarked;
