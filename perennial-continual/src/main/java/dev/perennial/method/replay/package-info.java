/** Methods that keep samples of earlier experiences and learn from them again (experience replay, DER, iCaRL). */
@NullMarked
package dev.perennial.method.replay;

import org.jspecify.annotations.NullMarked;
