package dev.perennial.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Data sets that ship with a program; {@link java.util.ServiceLoader} finds who has some. */
public interface BundledData {
    /** What a path begins with that names such a data set, as in {@code bundled:emoji}. */
    String PREFIX = "bundled:";

    /**
     * Returns the folder of a data set, copied out of the program if need be.
     *
     * @param cacheFolder where packed shards are unpacked; copies may lie beside it
     */
    Optional<Path> find(String name, Path cacheFolder);

    /** Returns the names of all that ship with the program. */
    List<String> names(Path cacheFolder);
}
