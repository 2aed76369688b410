package dev.perennial.clip.checkpoint;

import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.BiFunction;

/** Maps a whole file read-only, of any size. */
final class MappedFile {
    private MappedFile() {}

    /** Maps the file and hands it to {@code reader} with the arena that keeps it; the arena is closed if that throws. */
    @SuppressWarnings("MustBeClosedChecker") // The result owns the arena.
    static <T> T open(Path path, BiFunction<MemorySegment, Arena, T> reader) {
        Arena arena = Arena.ofShared();
        boolean kept = false;
        try (FileChannel channel = channel(path)) {
            T result = reader.apply(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), arena);
            kept = true;
            return result;
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(path + ": no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read (" + e.getMessage() + ")", e);
        } finally {
            if (!kept) {
                arena.close();
            }
        }
    }

    private static FileChannel channel(Path path) throws IOException {
        BoundedFile.requireRegular(path);
        return FileChannel.open(path);
    }
}
