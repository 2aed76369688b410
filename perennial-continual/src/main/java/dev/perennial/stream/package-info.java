/** What a model learns, in order: experiences, and the sets it is judged on after each. */
@NullMarked
package dev.perennial.stream;

import org.jspecify.annotations.NullMarked;
