/** Text as CLIP reads it: cleaning, byte-level byte-pair encoding and its training, tokenizer files, prompt templates. */
@NullMarked
package dev.perennial.clip.text;

import org.jspecify.annotations.NullMarked;
