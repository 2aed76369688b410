package dev.perennial.clip.checkpoint;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file that a repository lists.
 *
 * @param name its path in the repository
 * @param size in bytes
 * @param sha256 in lower-case hex, known for large files
 */
record HubFile(String name, OptionalLong size, Optional<String> sha256) {
    HubFile withSha256(Optional<String> found) {
        return new HubFile(name, size, sha256.or(() -> found));
    }

    HubFile withSize(OptionalLong found) {
        return new HubFile(name, size.isPresent() ? size : found, sha256);
    }
}
