package dev.perennial.cli;

import java.nio.file.Path;

/** Where the program keeps what it can make again. */
final class Folders {
    private Folders() {}

    /** Returns the cache folder: {@code $PERENNIAL_CACHE}, or {@code ~/.cache/perennial}. */
    static Path cache() {
        String chosen = System.getenv("PERENNIAL_CACHE");
        return chosen == null ? Path.of(System.getProperty("user.home"), ".cache", "perennial") : Path.of(chosen);
    }

    /** Returns the folder of this installation, which holds {@code configs}: the launcher says where, or else the current one. */
    static Path home() {
        return Path.of(System.getProperty("perennial.home", ""));
    }

    /** Returns where packed shards are unpacked. */
    static Path shards() {
        return cache().resolve("shards");
    }

    /** Returns where results of evaluations are kept. */
    static Path evaluations() {
        return cache().resolve("evaluations");
    }

    /** Returns where pulled models lie. */
    static Path models() {
        return cache().resolve("models");
    }

    /** Returns where the data and the model that ship with the program are copied to. */
    static Path bundled() {
        return cache().resolve("bundled");
    }
}
