/** Tests of what arrives and of what may pass. */
@NullMarked
package dev.perennial.follow;

import org.jspecify.annotations.NullMarked;
