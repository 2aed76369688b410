/** What a reader of a report sees, and what a hostile name cannot do. */
@NullMarked
package dev.perennial.report;

import org.jspecify.annotations.NullMarked;
