package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.function.Supplier;

/** Where an image is. */
public sealed interface Picture {
    /** An image file. */
    record InFile(Path file) implements Picture {}

    /** An image among others in one file; {@code encoded} makes a whole image file of it. */
    record Packed(Supplier<byte[]> encoded) implements Picture {}
}
