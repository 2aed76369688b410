package dev.perennial.clip.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads whole files of a bounded size.
 *
 * <p>A pipe would block for ever and a device never ends, so only regular files are opened; links to them are followed. The
 * messages of the exceptions say what is wrong with the file, not which file it is.
 */
public final class BoundedFile {
    private BoundedFile() {}

    /**
     * Returns the content of a file.
     *
     * @param limit the largest size in bytes, less than 2 GiB
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it is no regular file, is larger, or cannot be read
     */
    public static byte[] bytes(Path file, long limit) throws IOException {
        requireRegular(file);
        requireAtMost(Files.size(file), limit);
        try (InputStream in = Files.newInputStream(file)) {
            // A file may grow, and some systems' files do not tell their size.
            byte[] content = in.readNBytes(Math.toIntExact(limit) + 1);
            requireAtMost(content.length, limit);
            return content;
        }
    }

    /**
     * Returns the content of a UTF-8 file.
     *
     * @param limit the largest size in bytes, less than 2 GiB
     * @throws IOException as {@link #bytes} does, and if the content is not UTF-8
     */
    public static String text(Path file, long limit) throws IOException {
        byte[] content = bytes(file, limit);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8 text", e);
        }
    }

    /**
     * Checks that opening a file can neither block nor act.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it is a folder, a pipe or a device
     */
    public static void requireRegular(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException(attributes.isDirectory() ? "it is a folder" : "it is a pipe or a device, not a file");
        }
    }

    private static void requireAtMost(long size, long limit) throws IOException {
        if (size > limit) {
            throw new IOException("it is larger than the limit of " + limit + " bytes");
        }
    }
}
