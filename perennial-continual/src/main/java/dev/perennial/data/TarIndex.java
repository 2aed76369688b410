package dev.perennial.data;

import dev.perennial.clip.guard.HeapLimit;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * The members of a tar file and where their bytes lie. Nothing is ever extracted; a shard from a stranger can name no file
 * outside itself.
 *
 * <p>Headers are walked here and parsed by commons-compress, whose own walk follows chains of extended headers by recursion
 * and reads long names of any length into memory.
 */
final class TarIndex {
    private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
    private static final int MAX_NAME_BYTES = 4096;
    private static final ZipEncoding NAMES = ZipEncodingHelper.getZipEncoding("UTF-8");
    private static final int MAX_PAX_BYTES = 1 << 16;
    /** A packed shard may hold a member in a few bits. */
    private static final int MAX_MEMBERS = HeapLimit.of(1_000);

    /** A regular file in the tar. */
    record Member(String name, long offset, int size) {}

    private final FileChannel channel;
    private final String tar;
    private final long length;
    private final int maxMembers;
    private final List<Member> members = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private TarIndex(FileChannel channel, String tar, int maxMembers) throws IOException {
        this.channel = channel;
        this.tar = tar;
        this.length = channel.size();
        this.maxMembers = maxMembers;
    }

    /**
     * Lists the regular files of a tar.
     *
     * @param tar name of the tar for messages
     * @throws DatasetException if the tar is damaged or holds anything that is neither a file nor a directory
     */
    static List<Member> read(FileChannel channel, String tar) throws IOException {
        return read(channel, tar, MAX_MEMBERS);
    }

    static List<Member> read(FileChannel channel, String tar, int maxMembers) throws IOException {
        var index = new TarIndex(channel, tar, maxMembers);
        index.walk();
        return index.members;
    }

    private void walk() throws IOException {
        long at = 0;
        ExtendedHeader extended = ExtendedHeader.NONE;
        while (true) {
            byte[] block = block(at);
            if (isZero(block)) {
                return;
            }
            TarArchiveEntry header = parse(block, at);
            long data = at + BLOCK;
            long size = extended.size().orElse(header.getSize());
            if (size < 0 || size > length - data) {
                throw damaged(
                        at,
                        "member \"" + header.getName() + "\" claims " + size + " bytes but "
                                + Math.max(0, length - data) + " are left");
            }
            if (header.isPaxHeader()) {
                extended = extended.withPax(small(data, size, MAX_PAX_BYTES, at), tar);
            } else if (header.isGNULongNameEntry()) {
                extended = extended.withName(text(small(data, size, MAX_NAME_BYTES, at)));
            } else if (!header.isGlobalPaxHeader()) {
                add(header, extended.name().orElse(header.getName()), data, size);
                extended = ExtendedHeader.NONE;
            }
            at = data + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
    }

    private TarArchiveEntry parse(byte[] block, long at) {
        try {
            var header = new TarArchiveEntry(block, NAMES, true);
            if (!header.isCheckSumOK()) {
                throw damaged(at, "the checksum of a header is wrong");
            }
            return header;
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(at, "a header cannot be read (" + e.getMessage() + ")");
        }
    }

    private void add(TarArchiveEntry header, String name, long data, long size) {
        checkName(name);
        if (header.isDirectory()) {
            return;
        }
        if (header.isSparse() || !isRegularFile(header)) {
            throw new DatasetException(
                    tar + ": member \"" + name + "\" is " + kind(header) + "; a shard may hold plain files only");
        }
        if (size > Integer.MAX_VALUE - 8) {
            throw new DatasetException(tar + ": member \"" + name + "\" has " + size + " bytes; 2 GiB is the limit");
        }
        if (members.size() >= maxMembers) {
            throw new DatasetException(tar + ": has more than " + maxMembers
                    + " members, more than fit into memory; give the program more (-Xmx) or split the shard");
        }
        if (!names.add(name)) {
            throw new DatasetException(tar + ": member \"" + name + "\" is there twice");
        }
        members.add(new Member(name, data, (int) size));
    }

    /** Stricter than {@code isFile} of commons-compress, which also accepts unknown types. */
    private static boolean isRegularFile(TarArchiveEntry header) {
        return header.getLinkFlag() == TarConstants.LF_NORMAL || header.getLinkFlag() == TarConstants.LF_OLDNORM;
    }

    private static String kind(TarArchiveEntry header) {
        if (header.isSymbolicLink() || header.isLink()) {
            return "a link";
        }
        if (header.isCharacterDevice() || header.isBlockDevice() || header.isFIFO()) {
            return "a device or pipe";
        }
        return header.isSparse() ? "a sparse file" : "of unknown type " + header.getLinkFlag();
    }

    private void checkName(String name) {
        boolean leaves = name.startsWith("/")
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0
                || List.of(name.split("/")).contains("..");
        if (name.isEmpty() || leaves) {
            throw new DatasetException(tar + ": member name \"" + name + "\" leads out of the shard");
        }
    }

    private byte[] small(long data, long size, int limit, long at) throws IOException {
        if (size > limit) {
            throw damaged(at, "an extended header has " + size + " bytes; " + limit + " is the limit");
        }
        return bytes(data, (int) size);
    }

    private byte[] block(long at) throws IOException {
        try {
            return bytes(at, BLOCK);
        } catch (EOFException e) {
            throw new DatasetException(
                    tar + ": the tar ends after " + length
                            + " bytes without its end mark; it is cut off, fetch it again",
                    e);
        }
    }

    private byte[] bytes(long at, int count) throws IOException {
        return read(channel, at, count);
    }

    /** Reads exactly this many bytes. */
    static byte[] read(FileChannel channel, long at, int count) throws IOException {
        var buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException("the file ends " + buffer.remaining() + " bytes too early");
            }
        }
        return buffer.array();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("\0+$", "");
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private DatasetException damaged(long at, String what) {
        return new DatasetException(tar + ": damaged tar, " + what + " (at byte " + at + ")");
    }
}
