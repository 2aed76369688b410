/** Closed-form learning over frozen features: ridge regression, fused with zero-shot scores. */
@NullMarked
package dev.perennial.method.rail;

import org.jspecify.annotations.NullMarked;
