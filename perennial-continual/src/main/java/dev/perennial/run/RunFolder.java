package dev.perennial.run;

import dev.perennial.clip.checkpoint.Disk;
import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.follow.Journal;
import dev.perennial.train.checkpoint.CheckpointStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
            DurableFile.createFolders(Disk.SYSTEM, path);
        } catch (IOException e) {
            throw failed(path, e);
        }
        RunFolder folder = locked(path);
        try (Stream<Path> entries = Files.list(path)) {
            if (entries.anyMatch(RunFolder::isOfARun)) {
                folder.close();
                throw new ConfigException(path + ": holds a run already; go on with it by 'perennial resume " + path
                        + "', choose another --output, or delete it");
            }
        } catch (IOException e) {
            folder.close();
            throw failed(path, e);
        }
        return folder;
    }

    /**
     * Takes the lock of the folder of a run.
     *
     * @throws ConfigException if it holds no run, or another process writes into it
     */
    public static RunFolder open(Path path) {
        requireRun(path);
        RunFolder folder = locked(path);
        folder.checkpoints().sweep();
        return folder;
    }

    /** Returns whether a folder holds a run with a checkpoint. */
    public static boolean isResumable(Path path) {
        return Files.isRegularFile(path.resolve(CONFIG))
                && !checkpoints(path).places().isEmpty();
    }

    /** Reads the configuration of the run in a folder. */
    public static RunConfig.Resolved configuration(Path path) {
        requireRun(path);
        return RunConfig.read(
                path.resolve(CONFIG), List.of(), Path.of(RunOrigin.read(path).baseFolder()));
    }

    /** Refuses a folder that holds no run. */
    static void requireRun(Path path) {
        if (!Files.isRegularFile(path.resolve(CONFIG))) {
            throw new ConfigException(
                    path + ": is not the folder of a run, which has a " + CONFIG + "; check the path");
        }
    }

    /** A start that was cut off before the configuration was written leaves nothing that counts. */
    private static boolean isOfARun(Path entry) {
        return !entry.getFileName().toString().startsWith(".")
                && !RunOrigin.isFile(entry)
                && !entry.endsWith(Journal.FILE);
    }

    private static RunFolder locked(Path path) {
        // The name comes first: within one process, opening and closing the lock file would release the lock.
        if (RunWriter.read(path).filter(RunWriter::isAlive).isPresent()) {
            throw taken(path);
        }
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw taken(path);
            }
            RunWriter.current().write(path);
            return new RunFolder(path, channel);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static ConfigException taken(Path path) {
        return new ConfigException(path + ": another process is writing this run"
                + RunWriter.read(path).map(writer -> " (" + writer + ")").orElse("")
                + "; wait for it or stop it, or choose another folder");
    }

    private static UncheckedIOException failed(Path path, IOException e) {
        return new UncheckedIOException(path + ": the run folder cannot be written (" + DurableFile.reason(e) + ")", e);
    }

    /** Returns the folder. */
    public Path path() {
        return path;
    }

    /** Returns the run's checkpoints. */
    CheckpointStore checkpoints() {
        return checkpoints(Disk.SYSTEM);
    }

    /** Returns the run's checkpoints, written by way of {@code disk}. */
    CheckpointStore checkpoints(Disk disk) {
        return new CheckpointStore(path.resolve(CHECKPOINTS), disk);
    }

    /** Returns the checkpoints of the run in a folder, for reading. */
    static CheckpointStore checkpoints(Path path) {
        return new CheckpointStore(path.resolve(CHECKPOINTS));
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path.resolve(RunWriter.FILE));
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": the lock cannot be released", e);
        }
    }
}
