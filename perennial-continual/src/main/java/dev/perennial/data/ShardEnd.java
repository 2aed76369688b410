package dev.perennial.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Tells whether a shard was written to its end. */
public final class ShardEnd {
    private static final int MARK = 2 * TarConstants.DEFAULT_RCDSIZE;

    private ShardEnd() {}

    /**
     * Returns what is missing at the end: the two blocks of zeros that end a tar, or the end of a gzip file.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    public static Optional<String> missing(Path shard) {
        try {
            return shard.getFileName().toString().endsWith(".tar") ? ofTar(shard) : ofGzip(shard);
        } catch (IOException e) {
            throw new UncheckedIOException(shard + ": cannot be read", e);
        }
    }

    private static Optional<String> ofTar(Path shard) throws IOException {
        try (FileChannel channel = FileChannel.open(shard)) {
            long size = channel.size();
            if (size >= MARK) {
                boolean zero = true;
                for (byte b : TarIndex.read(channel, size - MARK, MARK)) {
                    zero &= b == 0;
                }
                if (zero) {
                    return Optional.empty();
                }
            }
            return Optional.of("it ends after " + size + " bytes without the end mark of a tar; it is cut off");
        }
    }

    private static Optional<String> ofGzip(Path shard) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(shard))) {
            in.transferTo(OutputStream.nullOutputStream());
            return Optional.empty();
        } catch (ZipException | EOFException e) {
            return Optional.of("it is not a whole gzip file (" + e.getMessage() + ")");
        }
    }
}
