/** What a continual-learning method is, and the pieces that methods share; one package below for each family. */
@NullMarked
package dev.perennial.method;

import org.jspecify.annotations.NullMarked;
