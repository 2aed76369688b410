/** A thin helper over the tensor engine: scopes, random streams, precision and conversions. It is not a second tensor API. */
@NullMarked
package dev.perennial.clip.tensor;

import org.jspecify.annotations.NullMarked;
