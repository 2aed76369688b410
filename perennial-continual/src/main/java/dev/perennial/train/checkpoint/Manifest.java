package dev.perennial.train.checkpoint;

import dev.perennial.clip.checkpoint.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The SHA-256 of every file of a checkpoint, in the form that {@code sha256sum -c} reads.
 *
 * <p>A checkpoint is whole if its manifest is byte for byte the one of the files that lie beside it: no bit of either can change, and
 * no file be missing or added, without being seen.
 */
record Manifest(SortedMap<String, String> hashes) {
    static final String FILE = "manifest.sha256";

    String text() {
        return hashes.entrySet().stream()
                .map(entry -> entry.getValue() + "  " + entry.getKey() + "\n")
                .collect(Collectors.joining());
    }

    /** Returns the manifest of the files of a folder as they are. */
    static Manifest of(Path folder) {
        SortedMap<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> !file.endsWith(FILE))
                    .forEach(file -> hashes.put(file.getFileName().toString(), sha256(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read (" + DurableFile.reason(e) + ")", e);
        }
        return new Manifest(hashes);
    }

    /** Returns what is damaged in a folder, if anything is. */
    static Optional<String> damage(Path folder) {
        try {
            Path file = folder.resolve(FILE);
            if (!Files.isRegularFile(file)) {
                return Optional.of("its " + FILE + " is missing");
            }
            String stated = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            Manifest actual = of(folder);
            if (stated.equals(actual.text())) {
                return Optional.empty();
            }
            return Optional.of(actual.hashes.entrySet().stream()
                    .filter(entry -> !stated.contains(entry.getValue() + "  " + entry.getKey() + "\n"))
                    .map(entry -> entry.getKey() + " is not what was written")
                    .findFirst()
                    .orElse("its files are not those that its " + FILE + " lists"));
        } catch (IOException e) {
            return Optional.of("it cannot be read (" + DurableFile.reason(e) + ")");
        } catch (UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static String sha256(Path file) {
        MessageDigest digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + DurableFile.reason(e) + ")", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Hashes what is meant to be written, before the disk has a chance to change it. */
    static final class Hashing implements WritableByteChannel {
        private final WritableByteChannel channel;
        private final MessageDigest digest = digest();

        Hashing(WritableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            digest.update(bytes.duplicate());
            int size = bytes.remaining();
            DurableFile.writeFully(channel, bytes);
            return size;
        }

        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
