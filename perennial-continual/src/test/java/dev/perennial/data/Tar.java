package dev.perennial.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes tars for tests, honest and hostile ones. */
final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    Tar() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    Tar posixLongNames() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return this;
    }

    Tar file(String name, byte[] content) {
        return add(new TarArchiveEntry(name, true), content);
    }

    Tar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a member of another type, such as {@code TarConstants.LF_SYMLINK}. */
    Tar special(String name, byte type, String target, byte[] content) {
        var entry = new TarArchiveEntry(name, type);
        entry.setLinkName(target);
        return add(entry, content);
    }

    /** Adds a whole sample with image, JSON and label. */
    Tar sample(String key, int red, int label) {
        return file(key + ".png", Images.png(red))
                .file(key + ".json", "{\"id\":\"" + key + "\",\"label\":" + label + "}")
                .file(key + ".cls", Integer.toString(label));
    }

    private Tar add(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the tar, packed if the name ends with {@code .gz}. */
    Path to(Path file) {
        byte[] content = bytes();
        return write(file, file.toString().endsWith(".gz") ? gzip(content) : content);
    }

    static Path write(Path file, byte[] content) {
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] gzip(byte[] content) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Sets the size field of the header at an offset and makes its checksum right again. */
    static byte[] lieAboutSize(byte[] tar, int header, long size) {
        byte[] lie = tar.clone();
        System.arraycopy(String.format("%011o", size).getBytes(StandardCharsets.US_ASCII), 0, lie, header + 124, 11);
        for (int i = 148; i < 156; i++) {
            lie[header + i] = ' ';
        }
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += lie[header + i] & 0xff;
        }
        System.arraycopy(String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII), 0, lie, header + 148, 6);
        lie[header + 154] = 0;
        return lie;
    }
}
