package dev.perennial.clip.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes safetensors files (github.com/huggingface/safetensors): a length, a JSON header, the raw tensors.
 *
 * <p>Reading maps the file and trusts nothing: the header is at most 100 MB and must describe every byte after it exactly once.
 */
public final class Safetensors {
    /** The longest header of the format, in bytes. */
    public static final long MAX_HEADER_BYTES = 100_000_000;

    private static final Comparator<StoredTensor> WIDEST_FIRST = Comparator.<StoredTensor>comparingInt(
                    tensor -> -tensor.type().bytes())
            .thenComparing(StoredTensor::name);
    private static final long WRITE_CHUNK = 1 << 26;

    private Safetensors() {}

    /**
     * Opens a file by mapping it; nothing but the header is read.
     *
     * @throws CheckpointException if the file is not well-formed
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static TensorFile read(Path path) {
        return MappedFile.open(path, (file, arena) -> parsed(path, file, arena));
    }

    /** Reads a file that is in memory already; the tensors are views of it, and closing them closes the arena. */
    static TensorFile parsed(Path path, MemorySegment file, Arena arena) {
        long size = file.byteSize();
        if (size < 8) {
            throw new CheckpointException(
                    path, "is " + size + " bytes long, too short for safetensors; fetch it again");
        }
        long length = file.get(Elements.LONG, 0);
        if (length < 2 || length > MAX_HEADER_BYTES) {
            throw new CheckpointException(
                    path,
                    "claims a header of " + Long.toUnsignedString(length) + " bytes (2 to " + MAX_HEADER_BYTES
                            + " are allowed); it is not a safetensors file");
        }
        if (length > size - 8) {
            throw new CheckpointException(
                    path,
                    "ends inside its header (" + length + " bytes announced, " + (size - 8)
                            + " present); the file is truncated, fetch it again");
        }
        SafetensorsHeader header = SafetensorsHeader.parse(path, file.asSlice(8, length));
        MemorySegment buffer = file.asSlice(8 + length);
        header.requireExactCover(path, buffer.byteSize());
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        header.entries()
                .forEach((name, entry) -> tensors.put(
                        name,
                        new StoredTensor(
                                name,
                                entry.type(),
                                entry.dimensions(),
                                buffer.asSlice(entry.begin(), entry.end() - entry.begin()))));
        return new TensorFile(path, tensors, header.metadata(), file, arena);
    }

    /**
     * Writes a file that appears whole or not at all; equal tensors and metadata give equal bytes, whatever their order.
     *
     * @throws IllegalArgumentException if two tensors have the same name, or one has the reserved name {@code __metadata__}
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public static void write(Path path, Collection<StoredTensor> tensors, Map<String, String> metadata) {
        DurableFile.write(path, content(path, tensors, metadata));
    }

    /** Returns the content of such a file; {@code path} only names it in errors. */
    public static DurableFile.Content content(
            Path path, Collection<StoredTensor> tensors, Map<String, String> metadata) {
        List<StoredTensor> ordered = tensors.stream().sorted(WIDEST_FIRST).toList();
        byte[] header = SafetensorsHeader.format(ordered, metadata);
        if (header.length > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(path + ": the header would be " + header.length + " bytes long; "
                    + MAX_HEADER_BYTES + " are allowed");
        }
        return channel -> {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            DurableFile.writeFully(channel, length.putLong(header.length).flip());
            DurableFile.writeFully(channel, ByteBuffer.wrap(header));
            for (StoredTensor tensor : ordered) {
                writeData(channel, tensor.data());
            }
        };
    }

    private static void writeData(WritableByteChannel channel, MemorySegment data) throws IOException {
        for (long at = 0; at < data.byteSize(); at += WRITE_CHUNK) {
            long chunk = Math.min(WRITE_CHUNK, data.byteSize() - at);
            DurableFile.writeFully(channel, data.asSlice(at, chunk).asByteBuffer());
        }
    }
}
