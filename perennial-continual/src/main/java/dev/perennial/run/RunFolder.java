package dev.perennial.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** The folder of a run; only one process at a time may write into it. */
public final class RunFolder implements AutoCloseable {
    static final String CONFIG = "config.yaml";
    static final String CHECKPOINTS = "checkpoints";
    private static final String LOCK = ".lock";

    private final Path path;
    private final FileChannel channel;

    private RunFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the folder and takes its lock.
     *
     * @throws ConfigException if it holds a run already, or another process writes into it
     */
    public static RunFolder create(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new ConfigException(
                        path + ": another process is writing this run; wait for it, or choose another --output");
            }
            try (Stream<Path> entries = Files.list(path)) {
                if (entries.anyMatch(entry -> !entry.endsWith(LOCK))) {
                    channel.close();
                    throw new ConfigException(path + ": holds a run already; choose another --output or delete it");
                }
            }
            return new RunFolder(path, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": the run folder cannot be created; check the permissions", e);
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

    /** Returns the folder of the run's checkpoints. */
    Checkpoints checkpoints() {
        return new Checkpoints(path.resolve(CHECKPOINTS));
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
