package dev.perennial.bundle;

import dev.perennial.data.BundledData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lets configurations name the bundled data sets, as {@code bundled:emoji}. */
public final class BundledDatasets implements BundledData {
    @Override
    public Optional<Path> find(String name, Path cacheFolder) {
        if (!name.matches("[\\w-]+")) {
            return Optional.empty();
        }
        return Optional.of(folder(cacheFolder).resolve(name)).filter(Files::isDirectory);
    }

    @Override
    public List<String> names(Path cacheFolder) {
        try (Stream<Path> folders = Files.list(folder(cacheFolder))) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(Path cacheFolder) {
        return new Bundle(cacheFolder.resolveSibling("bundled")).data();
    }
}
