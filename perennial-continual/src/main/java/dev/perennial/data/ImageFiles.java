package dev.perennial.data;

import dev.perennial.clip.guard.HeapLimit;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which files are images. */
final class ImageFiles {
    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "webp", "bmp", "gif");
    private static final int MAX_ENTRIES = HeapLimit.of(500);

    private ImageFiles() {}

    static boolean isImage(String name) {
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the images in a folder in order of path; links are followed, hidden files are left out.
     *
     * <p>Entries are counted because a few links to one another make as many paths as there are atoms.
     *
     * @param depth how many folders deep
     * @throws DatasetException if the folder cannot be listed, or has more entries than fit into memory
     */
    static List<Path> below(Path folder, int depth) {
        return below(folder, depth, MAX_ENTRIES);
    }

    static List<Path> below(Path folder, int depth, int maxEntries) {
        var images = new ArrayList<Path>();
        var visitor = new SimpleFileVisitor<Path>() {
            private int entries;

            @Override
            public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
                return count();
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (attributes.isRegularFile() && isImage(name) && !name.startsWith(".")) {
                    images.add(file);
                }
                return count();
            }

            private FileVisitResult count() {
                if (++entries > maxEntries) {
                    throw new DatasetException(folder + ": holds more than " + maxEntries
                            + " files, more than fit into memory; look for links that lead in circles, or give the"
                            + " program more (-Xmx)");
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
        } catch (IOException e) {
            throw new DatasetException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
        images.sort(null);
        return images;
    }
}
