package dev.perennial.bundle;

import dev.perennial.data.BundledData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Lets configurations name the bundled data sets, as {@code bundled:emoji}. */
public final class BundledDatasets implements BundledData {
    @Override
    public Optional<Path> find(String name, Path cacheFolder) {
        if (!name.matches("[\\w-]+")) {
            return Optional.empty();
        }
        Path folder = new Bundle(cacheFolder.resolveSibling("bundled")).data().resolve(name);
        return Optional.of(folder).filter(Files::isDirectory);
    }
}
