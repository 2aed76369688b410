package dev.perennial.data;

import dev.perennial.clip.image.RgbImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file of a pixel cache, mapped into memory: a header, the pixels {@code [samples, size, size, 3]}, and the bad samples as
 * JSON.
 */
final class PixelFile {
    static final int HEADER = 128;

    private static final String MAGIC = "PERENNIAL-PIXELS-1\n";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<Integer, String>> REASONS = new TypeReference<>() {};

    /**
     * What a file holds.
     *
     * @param key hash of data set and preparation, 64 hex digits
     * @param size side of an image in pixels
     * @param samples number of images
     */
    record Shape(String key, int size, int samples) {
        int imageBytes() {
            return Math.multiplyExact(3, Math.multiplyExact(size, size));
        }

        long offset(int position) {
            return HEADER + (long) position * imageBytes();
        }

        /** Returns the header of a file of this shape. */
        byte[] header(long fileLength) {
            return ByteBuffer.allocate(HEADER)
                    .put(MAGIC.getBytes(StandardCharsets.US_ASCII))
                    .put(key.getBytes(StandardCharsets.US_ASCII))
                    .putInt(size)
                    .putInt(samples)
                    .putLong(fileLength)
                    .array();
        }
    }

    private final Shape shape;
    private final MemorySegment memory;
    private final Map<Integer, String> bad;

    private PixelFile(Shape shape, MemorySegment memory, Map<Integer, String> bad) {
        this.shape = shape;
        this.memory = memory;
        this.bad = bad;
    }

    static byte[] badList(Map<Integer, String> reasons) {
        return JSON.writeValueAsBytes(reasons);
    }

    /** Opens a file, or returns nothing if there is none, or none that is whole and of this shape. */
    static Optional<PixelFile> open(Path file, Shape shape) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long length = channel.size();
            if (length <= shape.offset(shape.samples())
                    || !Arrays.equals(TarIndex.read(channel, 0, HEADER), shape.header(length))) {
                return Optional.empty();
            }
            // Unmapped by the garbage collector, so that no reader can meet closed memory.
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, length, Arena.ofAuto());
            byte[] list = memory.asSlice(shape.offset(shape.samples())).toArray(ValueLayout.JAVA_BYTE);
            return Optional.of(new PixelFile(shape, memory, Map.copyOf(JSON.readValue(list, REASONS))));
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read pixel cache " + file, e);
        }
    }

    /** Returns why bad samples are bad, by position. */
    Map<Integer, String> bad() {
        return bad;
    }

    RgbImage image(int position) {
        byte[] rgb = new byte[shape.imageBytes()];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, shape.offset(position), rgb, 0, rgb.length);
        return new RgbImage(shape.size(), shape.size(), rgb);
    }
}
