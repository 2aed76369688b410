/** Models that a student learns from, and tables of what they said: each sample and text is shown to a teacher once. */
@NullMarked
package dev.perennial.teacher;

import org.jspecify.annotations.NullMarked;
