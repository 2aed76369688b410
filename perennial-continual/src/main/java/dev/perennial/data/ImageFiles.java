package dev.perennial.data;

import java.util.Locale;
import java.util.Set;

/** Which file names are images. */
final class ImageFiles {
    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "webp", "bmp", "gif");

    private ImageFiles() {}

    static boolean isImage(String name) {
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
