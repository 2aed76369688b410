package dev.perennial.clip.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Writes files that are either wholly there after a crash or not at all. */
public final class DurableFile {
    private DurableFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /**
     * Writes to a temporary sibling, forces it to the disk, renames it to {@code target} and forces the folder.
     *
     * @throws UncheckedIOException with the file and the reason; what was there before is still there
     */
    public static void write(Path target, Content content) {
        write(Disk.SYSTEM, target, content);
    }

    /** Writes these bytes likewise. */
    public static void write(Path target, byte[] content) {
        write(target, channel -> writeFully(channel, ByteBuffer.wrap(content)));
    }

    /** Writes likewise to a disk. */
    public static void write(Disk disk, Path target, Content content) {
        Path folder = folderOf(target);
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        boolean done = false;
        try {
            createFolders(disk, folder);
            writeNew(disk, temporary, content);
            disk.rename(temporary, target);
            disk.forceFolder(folder);
            done = true;
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": cannot be written (" + reason(e) + ")", e);
        } finally {
            if (!done) {
                discard(disk, temporary);
            }
        }
    }

    /** Writes a new file and forces it to the disk; its name is not durable before its folder is forced too. */
    public static void writeNew(Disk disk, Path file, Content content) throws IOException {
        try (Disk.NewFile channel = disk.create(file)) {
            content.writeTo(channel);
            channel.force();
        }
    }

    /** Creates a folder and those above it, unless they are there, and forces the entry of each new one to the disk. */
    public static void createFolders(Disk disk, Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null || Files.isDirectory(absolute)) {
            return;
        }
        createFolders(disk, parent);
        disk.createFolder(absolute);
        disk.forceFolder(parent);
    }

    /** Renames a file that is already forced to the disk, replacing {@code target}, and forces the folder. */
    static void move(Path finished, Path target) throws IOException {
        Disk.SYSTEM.rename(finished, target);
        Disk.SYSTEM.forceFolder(folderOf(target));
    }

    static void createFolderOf(Path target) throws IOException {
        createFolders(Disk.SYSTEM, folderOf(target));
    }

    /** Writes all bytes that remain. */
    public static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Returns why a file operation failed, in words for the owner of the disk. */
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied; check the owner and the mode of the folder";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static Path folderOf(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        return folder == null ? target.toAbsolutePath() : folder;
    }

    private static void discard(Disk disk, Path temporary) {
        try {
            disk.delete(temporary);
        } catch (IOException e) {
            // The write's own failure is what the caller must see; a stray temporary file is harmless.
        }
    }
}
