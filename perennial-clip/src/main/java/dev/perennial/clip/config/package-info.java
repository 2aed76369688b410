/** What a CLIP model is made of: sizes and activations as data, read from JSON and never guessed. */
@NullMarked
package dev.perennial.clip.config;

import org.jspecify.annotations.NullMarked;
