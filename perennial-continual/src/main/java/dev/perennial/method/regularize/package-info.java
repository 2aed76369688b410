/** Methods that act on the weights themselves: penalties on their movement, and averages of them (EWC, WiSE-FT). */
@NullMarked
package dev.perennial.method.regularize;

import org.jspecify.annotations.NullMarked;
