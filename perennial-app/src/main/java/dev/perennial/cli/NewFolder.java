package dev.perennial.cli;

import dev.perennial.run.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder that a command is to fill. */
final class NewFolder {
    private NewFolder() {}

    /** Refuses a file, and a folder in which something lies. */
    static void require(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(folder + ": is a file; choose a folder");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw new ConfigException(folder + ": is not empty; choose another folder or empty it");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }
}
