/** What files from strangers pass first: bounded reading, and words of theirs made safe to show. */
@NullMarked
package dev.perennial.clip.guard;

import org.jspecify.annotations.NullMarked;
