/** A run from its configuration to its results: YAML, the run folder, provenance. */
@NullMarked
package dev.perennial.run;

import org.jspecify.annotations.NullMarked;
