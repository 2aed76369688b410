package dev.perennial.train.checkpoint;

import dev.perennial.clip.checkpoint.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A disk on which one call goes wrong, and which forgets in a crash what it was not forced to keep: the content of files, and the
 * entries of folders.
 */
public final class FaultyDisk implements Disk {
    /** The death of the machine; nothing after it is done, not even what cleans up. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** What undoes a change of a folder that was not forced yet. */
    private record Change(Path folder, Undo undo) {}

    private interface Undo {
        void run() throws IOException;
    }

    private final int failingCall;
    private final Fault fault;
    private final List<Change> changes = new ArrayList<>();
    private final Set<Path> unforced = new HashSet<>();
    private int calls;
    private boolean dead;
    private boolean full;

    /**
     * Creates the disk.
     *
     * @param failingCall the call that goes wrong, counted from 1; none does where there are fewer
     */
    public FaultyDisk(int failingCall, Fault fault) {
        this.failingCall = failingCall;
        this.fault = fault;
    }

    /** Lets time pass after the work; a crash may come now as well. */
    public void idle() throws IOException {
        call(false);
    }

    /** Returns how many calls there were. */
    public int calls() {
        return calls;
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        call(true);
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
            changes.add(new Change(folder.getParent(), () -> Files.delete(folder)));
        }
    }

    @Override
    public NewFile create(Path file) throws IOException {
        call(true);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        unforced.add(file);
        changes.add(new Change(file.getParent(), () -> {
            unforced.remove(file);
            Files.delete(file);
        }));
        return new Written(file, channel);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call(false);
        byte[] replaced = Files.isRegularFile(to) ? Files.readAllBytes(to) : null;
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        rename(unforced, from, to);
        changes.add(new Change(to.getParent(), () -> {
            Files.move(to, from);
            rename(unforced, to, from);
            if (replaced != null) {
                Files.write(to, replaced);
            }
        }));
    }

    private static void rename(Set<Path> files, Path from, Path to) {
        for (Path file : List.copyOf(files)) {
            if (file.startsWith(from)) {
                files.remove(file);
                files.add(to.resolve(from.relativize(file)));
            }
        }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        call(false);
        changes.removeIf(change -> change.folder().equals(folder));
    }

    @Override
    public void delete(Path path) throws IOException {
        call(false);
        boolean isFolder = Files.isDirectory(path);
        byte[] deleted = Files.isRegularFile(path) ? Files.readAllBytes(path) : null;
        if (Files.deleteIfExists(path)) {
            changes.add(new Change(path.getParent(), () -> {
                if (isFolder) {
                    Files.createDirectory(path);
                } else if (deleted != null) {
                    Files.write(path, deleted);
                }
            }));
        }
    }

    /** Counts a call and lets it go wrong if it is its turn. */
    private boolean call(boolean takesSpace) throws IOException {
        if (dead) {
            throw new Crash();
        }
        calls++;
        full |= fault == Fault.FULL && calls >= failingCall;
        if (full && takesSpace) {
            throw new FileSystemException("disk", null, "No space left on device");
        }
        if (calls != failingCall || fault == Fault.FULL) {
            return false;
        }
        if (fault.isCrash()) {
            dead = true;
            forget();
            throw new Crash();
        }
        if (fault == Fault.SILENT_FLIP || (fault == Fault.SHORT_WRITE && takesSpace)) {
            return true;
        }
        throw new FileSystemException("disk", null, "Input/output error");
    }

    private void forget() throws IOException {
        if (fault != Fault.CRASH_KEEPS) {
            for (Path file : unforced) {
                Files.write(file, damaged(Files.readAllBytes(file)));
            }
        }
        if (fault == Fault.CRASH_DROPS) {
            for (Change change : changes.reversed()) {
                change.undo().run();
            }
        }
    }

    private byte[] damaged(byte[] content) {
        return switch (fault) {
            case CRASH_DROPS -> new byte[0];
            case CRASH_TRUNCATES -> Arrays.copyOf(content, content.length / 2);
            case CRASH_ZEROES -> new byte[content.length];
            case CRASH_FLIPS_A_BIT -> {
                if (content.length > 0) {
                    content[content.length / 2] ^= 8;
                }
                yield content;
            }
            case ERROR, SHORT_WRITE, FULL, SILENT_FLIP, CRASH_KEEPS -> content;
        };
    }

    private final class Written implements NewFile {
        private final Path file;
        private final FileChannel channel;

        private Written(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (call(true)) {
                if (fault == Fault.SILENT_FLIP) {
                    return channel.write(flipped(bytes));
                }
                channel.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
                throw new FileSystemException("disk", null, "Input/output error");
            }
            return channel.write(bytes);
        }

        private static ByteBuffer flipped(ByteBuffer bytes) {
            byte[] content = new byte[bytes.remaining()];
            bytes.get(content);
            content[content.length / 2] ^= 8;
            return ByteBuffer.wrap(content);
        }

        @Override
        public void force() throws IOException {
            call(false);
            unforced.remove(file);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
