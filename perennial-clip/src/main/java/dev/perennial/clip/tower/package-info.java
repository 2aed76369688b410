/** CLIP's towers, one implementation each, and the named sites where methods attach to them. */
@NullMarked
package dev.perennial.clip.tower;

import org.jspecify.annotations.NullMarked;
