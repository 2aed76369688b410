package dev.perennial.clip.image;

import java.io.EOFException;

/** Reads a part of a file bit by bit, the lowest bit of each byte first. */
final class BitReader {
    private final FileBytes file;
    private final long end;
    private long at;

    /** Starts at byte {@code from} and ends before byte {@code to}. */
    BitReader(FileBytes file, int from, int to) {
        this.file = file;
        this.at = 8L * from;
        this.end = 8L * to;
    }

    /** Reads an unsigned number of up to 31 bits. */
    int read(int bits) throws EOFException {
        if (at + bits > end) {
            throw new EOFException("the file is truncated: its data end before its pixels");
        }
        int value = 0;
        for (int i = 0; i < bits; i++, at++) {
            value |= (file.u8((int) (at >> 3)) >> (at & 7) & 1) << i;
        }
        return value;
    }
}
