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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk on which one call goes wrong, and which forgets in a crash what it was not forced to keep: the content of files, and the
 * entries of folders.
 */
public final class FaultyDisk implements Disk {
    /** The death of the machine; nothing after it is done, not even what cleans up. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A change of a folder that was not forced yet; paths follow renamings that were. */
    private static final class Change {
        /** What a change did. */
        private enum Kind {
            CREATED,
            RENAMED,
            DELETED
        }

        private final Kind kind;
        private Path path;
        private Path from;
        private final Optional<byte[]> content;

        private Change(Kind kind, Path path, Path from, Optional<byte[]> content) {
            this.kind = kind;
            this.path = path;
            this.from = from;
            this.content = content;
        }

        private boolean isIn(Path folder) {
            return folder.equals(path.getParent());
        }

        private void follow(Change renaming) {
            path = renamed(path, renaming.from, renaming.path);
            from = renamed(from, renaming.from, renaming.path);
        }
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
            changes.add(new Change(Change.Kind.CREATED, folder, folder, Optional.empty()));
        }
    }

    @Override
    public NewFile create(Path file) throws IOException {
        call(true);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        unforced.add(file);
        changes.add(new Change(Change.Kind.CREATED, file, file, Optional.empty()));
        return new Written(file, channel);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call(false);
        Optional<byte[]> replaced = content(to);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        renameUnforced(from, to);
        changes.add(new Change(Change.Kind.RENAMED, to, from, replaced));
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        call(false);
        for (Change change : List.copyOf(changes)) {
            if (change.isIn(folder)) {
                changes.remove(change);
                if (change.kind == Change.Kind.RENAMED) {
                    changes.forEach(other -> other.follow(change));
                }
            }
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        call(false);
        Optional<byte[]> deleted = content(path);
        if (Files.deleteIfExists(path)) {
            changes.add(new Change(Change.Kind.DELETED, path, path, deleted));
        }
    }

    private static Optional<byte[]> content(Path path) throws IOException {
        return Files.isRegularFile(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    }

    private void renameUnforced(Path from, Path to) {
        List<Path> before = List.copyOf(unforced);
        unforced.clear();
        before.forEach(file -> unforced.add(renamed(file, from, to)));
    }

    private static Path renamed(Path path, Path from, Path to) {
        return path.startsWith(from) ? to.resolve(from.relativize(path)) : path;
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

    private void forget() {
        try {
            if (fault == Fault.CRASH_DROPS) {
                for (Change change : changes.reversed()) {
                    undo(change);
                }
            }
            if (fault != Fault.CRASH_KEEPS) {
                for (Path file : unforced) {
                    if (Files.exists(file)) {
                        Files.write(file, damaged(Files.readAllBytes(file)));
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError("the disk itself is broken", e);
        }
    }

    private void undo(Change change) throws IOException {
        switch (change.kind) {
            case CREATED -> {
                // With the entry of a folder, everything in it is gone.
                try (Stream<Path> all = Files.exists(change.path) ? Files.walk(change.path) : Stream.empty()) {
                    for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            case RENAMED -> {
                Files.move(change.path, change.from);
                renameUnforced(change.path, change.from);
                if (change.content.isPresent()) {
                    Files.write(change.path, change.content.get());
                }
            }
            case DELETED -> {
                if (change.content.isPresent()) {
                    Files.write(change.path, change.content.get());
                } else {
                    Files.createDirectories(change.path);
                }
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
