@NullMarked
package dev.perennial.clip.text;

import org.jspecify.annotations.NullMarked;
