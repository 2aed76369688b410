/** Vocabularies that grow language by language. */
@NullMarked
package dev.perennial.method.vocabulary;

import org.jspecify.annotations.NullMarked;
