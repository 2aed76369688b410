package dev.perennial.clip.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;

/** Bounds-checked reading of an image file in memory; reading past the end says that the file is truncated. */
final class FileBytes {
    private final byte[] bytes;

    FileBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    int u8(int at) throws EOFException {
        need(at, 1);
        return bytes[at] & 0xff;
    }

    int u16(int at) throws EOFException {
        return u8(at) << 8 | u8(at + 1);
    }

    int u16LittleEndian(int at) throws EOFException {
        return u8(at) | u8(at + 1) << 8;
    }

    long u32(int at) throws EOFException {
        return (long) u16(at) << 16 | u16(at + 2);
    }

    long u32LittleEndian(int at) throws EOFException {
        return u16LittleEndian(at) | (long) u16LittleEndian(at + 2) << 16;
    }

    int u24LittleEndian(int at) throws EOFException {
        return u16LittleEndian(at) | u8(at + 2) << 16;
    }

    /** Whether these ASCII characters stand at this place. */
    boolean has(int at, String ascii) {
        return at >= 0
                && at <= bytes.length - ascii.length()
                && ascii.equals(new String(bytes, at, ascii.length(), StandardCharsets.ISO_8859_1));
    }

    /** Checks that a part lies within the file. */
    void need(int at, long count) throws EOFException {
        if (at < 0 || count < 0 || at + count > bytes.length) {
            throw new EOFException("the file is truncated: it ends after " + bytes.length + " bytes but a part of "
                    + count + " bytes starts at byte " + at);
        }
    }

    void copy(int from, int to, ByteArrayOutputStream out) throws EOFException {
        need(from, (long) to - from);
        out.write(bytes, from, to - from);
    }
}
