/** Results of runs: what was measured, on what, at what cost and with what, and the files that hold it. */
@NullMarked
package dev.perennial.evaluate;

import org.jspecify.annotations.NullMarked;
