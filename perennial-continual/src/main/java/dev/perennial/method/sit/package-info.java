/** Symmetric image-text tuning: images are matched with the classes of their batch alone. */
@NullMarked
package dev.perennial.method.sit;

import org.jspecify.annotations.NullMarked;
