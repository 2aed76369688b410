package dev.perennial.data;

import java.nio.file.Path;

/**
 * How shards are opened.
 *
 * @param cacheFolder where packed shards ({@code .tar.gz}) are unpacked once; safe to delete
 * @param verify whether every shard is hashed at opening and compared with {@code dataset.json}; packed shards are always
 *     compared when they are unpacked
 */
public record ShardOptions(Path cacheFolder, boolean verify) {
    /** Returns the options with the folder {@code ~/.cache/perennial/shards} and no extra hashing. */
    public static ShardOptions defaults() {
        return new ShardOptions(Path.of(System.getProperty("user.home"), ".cache", "perennial", "shards"), false);
    }
}
