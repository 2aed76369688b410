/** Shards that arrive in a folder one by one: which of them are whole, what became of each, and what a new model must not lose. */
@NullMarked
package dev.perennial.follow;

import org.jspecify.annotations.NullMarked;
