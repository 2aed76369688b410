package dev.perennial.follow;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A shard that has stopped changing.
 *
 * @param path of the file
 * @param sha256 of its bytes
 * @param bytes its size
 * @param damage why it is not whole; absent if it is
 */
public record Arrival(Path path, String sha256, long bytes, Optional<String> damage) {
    /** Returns the name of the file. */
    public String file() {
        return path.getFileName().toString();
    }

    /** Returns the name without its extension. */
    public String name() {
        return file().replaceFirst("\\.(tar|tar\\.gz|tgz)$", "");
    }
}
