package dev.perennial.clip.checkpoint;

import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An open file of named tensors; its tensors are views of the mapped file and end with {@link #close()}. */
public final class TensorFile implements Closeable {
    private static final long DIGEST_CHUNK = 1 << 24;

    private final Path path;
    private final Map<String, StoredTensor> tensors;
    private final Map<String, String> metadata;
    private final MemorySegment mapped;
    private final Arena arena;

    TensorFile(
            Path path,
            Map<String, StoredTensor> tensors,
            Map<String, String> metadata,
            MemorySegment mapped,
            Arena arena) {
        this.path = path;
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        this.mapped = mapped;
        this.arena = arena;
    }

    /** Returns the tensors by name, in the order of the header. */
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /**
     * Returns the tensor of this name.
     *
     * @throws CheckpointException if the file has none
     */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException(path, "has no tensor '" + name + "'");
        }
        return tensor;
    }

    /** Returns the free text fields of the header. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Returns the path it was opened from. */
    public Path path() {
        return path;
    }

    /** Adds the whole file to a digest. */
    void digestInto(MessageDigest digest) {
        for (long at = 0; at < mapped.byteSize(); at += DIGEST_CHUNK) {
            digest.update(mapped.asSlice(at, Math.min(DIGEST_CHUNK, mapped.byteSize() - at))
                    .asByteBuffer());
        }
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        arena.close();
    }
}
