package dev.perennial.clip.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;

/** The download of one file, which goes on from its {@code .part} file at every attempt. */
final class HubDownload implements HubRetry.Attempt<Path> {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final long SPARE_DISK_BYTES = 1 << 24;

    private final HubClient client;
    private final String what;
    private final HubFile listed;
    private final URI address;
    private final Path target;
    private final Path part;
    private final HubProgress progress;
    private long reached;

    HubDownload(HubClient client, String id, HubFile listed, URI address, Path folder, HubProgress progress) {
        this.client = client;
        this.what = id + "/" + listed.name();
        this.listed = listed;
        this.address = address;
        this.target = folder.resolve(listed.name());
        this.part = folder.resolve(listed.name() + ".part");
        this.progress = progress;
    }

    @Override
    public long reached() {
        return reached;
    }

    @Override
    public Path run() throws IOException, InterruptedException {
        if (isThere()) {
            return target;
        }
        try (FileChannel channel = openPart();
                FileLock _ = lock(channel)) {
            HubFile file = fetch(channel);
            channel.force(true);
            requireRight(file);
            DurableFile.move(part, target);
            return target;
        }
    }

    /** Returns whether the finished file is there with the listed content; one of unknown content is fetched again. */
    private boolean isThere() throws IOException {
        return Files.isRegularFile(target)
                && listed.sha256().isPresent()
                && listed.sha256().get().equals(sha256(target));
    }

    private FileChannel openPart() throws IOException {
        DurableFile.createFolderOf(target);
        return FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private FileLock lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            throw new HubException(part + ": this process is fetching it already", e);
        }
        throw new HubException(part + ": another process is fetching it already; wait for it");
    }

    /** Appends what is missing, and returns the file with all that the server says of it. */
    private HubFile fetch(FileChannel channel) throws IOException, InterruptedException {
        long have = channel.size();
        if (listed.size().isPresent() && have > listed.size().getAsLong()) {
            have = 0;
        }
        if (have > 0 && listed.sha256().isPresent() && have == listed.size().orElse(-1)) {
            return listed;
        }
        try (HubClient.Answer answer = client.get(address, have)) {
            if (have > 0 && answer.status() == 416) {
                channel.truncate(0);
                throw new HubRetry.BrokenException("the server has no bytes after the first " + have);
            }
            HubRetry.requireSuccess(what, answer);
            boolean resumed =
                    answer.status() == 206 && answer.header("Content-Range").startsWith("bytes " + have + "-");
            if (answer.status() == 206 && !resumed) {
                channel.truncate(0);
                throw new HubRetry.BrokenException("the server sends another range than asked for");
            }
            long start = resumed ? have : 0;
            long length = answer.response()
                    .headers()
                    .firstValueAsLong("Content-Length")
                    .orElse(-1);
            OptionalLong announced = length < 0 ? OptionalLong.empty() : OptionalLong.of(start + length);
            HubFile file = listed.withSha256(answer.sha256()).withSize(announced);
            if (resumed && reached == 0 && file.sha256().isEmpty()) {
                channel.truncate(0);
                throw new HubRetry.BrokenException("an earlier part may be of other content");
            }
            requireSpace(file.size().orElse(start) - start);
            channel.truncate(start).position(start);
            copy(answer, channel, start, file.size().orElse(-1));
            return file;
        }
    }

    private void copy(HubClient.Answer answer, FileChannel channel, long start, long total) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long done = start;
        progress.advanced(listed.name(), done, total);
        try (StallGuard guard = new StallGuard(answer.body())) {
            for (int count = answer.read(buffer); count >= 0; count = answer.read(buffer)) {
                guard.alive();
                done += count;
                if (total >= 0 && done > total) {
                    throw wrong("is longer than the " + total + " bytes announced");
                }
                DurableFile.writeFully(channel, ByteBuffer.wrap(buffer, 0, count));
                reached = Math.max(reached, done);
                progress.advanced(listed.name(), done, total);
            }
        }
        if (done < total) {
            throw new HubRetry.BrokenException("the connection ended after " + done + " of " + total + " bytes");
        }
    }

    private void requireSpace(long missing) throws IOException {
        long free = Files.getFileStore(part).getUsableSpace();
        if (missing + SPARE_DISK_BYTES > free) {
            throw new HubException(what + ": needs " + missing + " more bytes in "
                    + target.toAbsolutePath().getParent() + ", where " + free
                    + " are free; make room and run it again");
        }
    }

    private void requireRight(HubFile file) throws IOException {
        if (file.sha256().isEmpty()) {
            return;
        }
        String expected = file.sha256().get();
        String actual = sha256(part);
        if (!actual.equals(expected)) {
            throw wrong("has SHA-256 " + actual + " instead of " + expected);
        }
    }

    /** Throws away what has come, because going on from it could not help. */
    private HubException wrong(String how) throws IOException {
        Files.deleteIfExists(part);
        return new HubException(what + ": " + how + "; the download was discarded, run it again or try another server");
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
