package dev.perennial.bundle;

import dev.perennial.data.BundledData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Lets configurations name the bundled data sets, as {@code bundled:emoji}. */
public final class BundledDatasets implements BundledData {
    @Override
    public Optional<Path> find(String name, Path cacheFolder) {
        Path folder = new Bundle(cacheFolder.resolveSibling("bundled")).data().resolve(name);
        return Files.isDirectory(folder) && !name.isEmpty() ? Optional.of(folder) : Optional.empty();
    }
}
