/** Linear classifiers on frozen embeddings, which tell the image tower's knowledge from the text tower's. */
@NullMarked
package dev.perennial.probe;

import org.jspecify.annotations.NullMarked;
