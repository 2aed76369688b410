package dev.perennial.data.official;

import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The folder of a data set. */
record Folder(Path path) {
    /** The longest list of the data sets here has four megabytes. */
    private static final long MAX_LIST = 1 << 25;

    /** Finds the folder that has a file or folder named {@code mark}: the root, or a sub-folder that archives unpack into. */
    static Folder with(Path root, String mark, String... subfolders) {
        return Stream.concat(Stream.of(""), Arrays.stream(subfolders))
                .map(root::resolve)
                .filter(folder -> Files.exists(folder.resolve(mark)))
                .findFirst()
                .map(Folder::new)
                .orElseThrow(() -> new IllegalArgumentException(root + ": there is no " + mark
                        + (subfolders.length == 0 ? "" : ", neither there nor in " + String.join(", ", subfolders))
                        + "; unpack the archives of the data set there"));
    }

    Path file(String name) {
        return path.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(path.resolve(name));
    }

    /** Returns the lines of a text file that are not empty. */
    List<String> lines(String name) {
        Path file = path.resolve(name);
        try {
            return BoundedFile.text(file, MAX_LIST)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Returns the names of the sub-folders in order. */
    List<String> subfolders() {
        return list(Files::isDirectory);
    }

    /** Returns the names of the files of a sub-folder in order. */
    List<String> files(String subfolder) {
        return new Folder(path.resolve(subfolder)).list(Files::isRegularFile);
    }

    private List<String> list(Predicate<Path> wanted) {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(wanted)
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }
}
