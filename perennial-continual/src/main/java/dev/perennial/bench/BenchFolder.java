package dev.perennial.bench;

import dev.perennial.run.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder of a benchmark; only one process at a time may write into it. */
public final class BenchFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private BenchFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the folder if need be, and takes its lock.
     *
     * @throws ConfigException if another process writes into it
     */
    public static BenchFolder open(Path path) {
        try {
            Files.createDirectories(path.resolve("runs"));
            FileChannel channel =
                    FileChannel.open(path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new ConfigException(
                        path + ": another process runs this benchmark; wait for it, or choose another --output");
            }
            return new BenchFolder(path, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be written; check the permissions", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Returns the folder. */
    public Path path() {
        return path;
    }

    /** Returns the folder of a run. */
    public Path of(PlannedRun run) {
        return path.resolve("runs").resolve(run.folder());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": the lock cannot be released", e);
        }
    }
}
