/** Reports over one or several runs: a self-contained web page, Markdown, and plain tables for terminals. */
@NullMarked
package dev.perennial.report;

import org.jspecify.annotations.NullMarked;
