/** Models are judged at any time, and no sample is lost. */
@NullMarked
package dev.perennial.evaluate.anytime;

import org.jspecify.annotations.NullMarked;
