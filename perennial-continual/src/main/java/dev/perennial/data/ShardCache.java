package dev.perennial.data;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A folder of unpacked shards, named by the SHA-256 of the packed ones; safe to share between processes and to delete.
 *
 * @param folder where the tar files lie; created when needed
 * @param maxBytes largest shard after unpacking, in bytes
 * @param maxRatio how many times larger than its packed form a shard may become, judged after the first 16 MiB
 */
record ShardCache(Path folder, long maxBytes, int maxRatio) {
    private static final int CHUNK = 1 << 16;
    private static final long RATIO_FLOOR = 16L << 20;

    /** Returns the cache with the usual limits: 8 GiB and 200 times. */
    static ShardCache in(Path folder) {
        return new ShardCache(folder, 8L << 30, 200);
    }

    /**
     * Returns the tar that a {@code .tar.gz} holds, unpacking it unless that was done before.
     *
     * @param declared SHA-256 of the packed shard where the data set states one
     */
    Path unpacked(Path shard, Optional<String> declared) {
        Path tar = folder.resolve(declared.orElseGet(() -> ContentHash.ofFile(shard)) + ".tar");
        if (!Files.isRegularFile(tar)) {
            unpack(shard, tar, declared);
        }
        return tar;
    }

    private void unpack(Path shard, Path tar, Optional<String> declared) {
        MessageDigest digest = ContentHash.sha256();
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "unpacking-", ".part");
            try (InputStream packed = new DigestInputStream(Files.newInputStream(shard), digest);
                    FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                copy(packed, Channels.newOutputStream(out), shard);
                // Bytes after the last gzip member belong to the hash too.
                packed.transferTo(OutputStream.nullOutputStream());
                String hash = ContentHash.hex(digest);
                if (declared.isPresent() && !declared.get().equals(hash)) {
                    throw wrongHash(shard, declared.get(), hash);
                }
                out.force(true);
                Files.move(temporary, tar, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + shard + " into " + folder, e);
        }
    }

    private void copy(InputStream packed, OutputStream out, Path shard) throws IOException {
        long packedSize = Math.max(1, Files.size(shard));
        try (var in = new GZIPInputStream(new Unclosed(packed), CHUNK)) {
            byte[] chunk = new byte[CHUNK];
            long total = 0;
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                total += read;
                if (total > maxBytes) {
                    throw new DatasetException(shard + ": unpacks to more than the limit of " + maxBytes + " bytes");
                }
                if (total > RATIO_FLOOR && total / packedSize >= maxRatio) {
                    throw new DatasetException(shard + ": unpacks to more than " + maxRatio
                            + " times its size, which no shard of images does; not trusted");
                }
                out.write(chunk, 0, read);
            }
        } catch (ZipException | EOFException e) {
            throw new DatasetException(
                    shard + ": not a whole gzip file (" + e.getMessage()
                            + "); it is cut off or damaged, fetch it again",
                    e);
        }
    }

    static DatasetException wrongHash(Path shard, String declared, String actual) {
        return new DatasetException(shard + ": its SHA-256 is " + actual + " but dataset.json states " + declared
                + "; the shard is damaged or was changed, fetch it again");
    }

    /** Keeps the packed stream open when the gzip stream closes, so that the rest can be hashed. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {}
    }
}
