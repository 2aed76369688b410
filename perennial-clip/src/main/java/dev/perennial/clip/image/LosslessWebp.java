package dev.perennial.clip.image;

import java.io.IOException;
import javax.imageio.IIOException;

/**
 * What stands before the pixels of lossless WebP: transforms and groups of prefix codes (RFC 9649, sections 3.4 to 3.7).
 *
 * <p>It is read to know what the codec will make of it. The codec carries out a transform as often as a file lists it, and makes
 * tables for every group of codes, so that a file of kilobytes could take gigabytes and minutes.
 */
final class LosslessWebp {
    /** Five tables of 256 numbers, and what holds them. */
    private static final int GROUP_BYTES = 6_000;

    private static final int SIGNATURE_AND_SIZE = 5;
    private static final int PREDICTOR = 0;
    private static final int COLOUR_INDEXING = 3;
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;

    private final BitReader bits;
    private int width;
    private final int height;

    private LosslessWebp(BitReader bits, int width, int height) {
        this.bits = bits;
        this.width = width;
        this.height = height;
    }

    /**
     * Returns the bytes of memory that the codec needs beside its pixels.
     *
     * @param from where the content of the chunk starts
     * @param to where it ends
     */
    static long memory(FileBytes file, int from, int to, int width, int height) throws IOException {
        return new LosslessWebp(new BitReader(file, from + SIGNATURE_AND_SIZE, to), width, height).memory();
    }

    private long memory() throws IOException {
        int seen = 0;
        while (bits.read(1) == 1) {
            int type = bits.read(2);
            if ((seen >> type & 1) == 1) {
                throw new IIOException("the WebP lists a transform twice, which is not allowed");
            }
            seen |= 1 << type;
            transform(type);
        }
        cacheBits();
        boolean grouped = bits.read(1) == 1;
        return (long) GROUP_BYTES * (grouped ? 1 + blocks() : 1);
    }

    private void transform(int type) throws IOException {
        switch (type) {
            case PREDICTOR, PREDICTOR + 1 -> blocks();
            case COLOUR_INDEXING -> {
                int colours = 1 + bits.read(8);
                largestOf(colours, 1);
                int packed = colours > 16 ? 0 : colours > 4 ? 1 : colours > 2 ? 2 : 3;
                width = Math.ceilDiv(width, 1 << packed);
            }
            default -> {
                // Adding green back needs no data.
            }
        }
    }

    /** Reads an image with a pixel for each square block of the whole one. */
    private int blocks() throws IOException {
        int side = 1 << (2 + bits.read(3));
        return largestOf(Math.ceilDiv(width, side), Math.ceilDiv(height, side));
    }

    private int cacheBits() throws IOException {
        int size = bits.read(1) == 1 ? bits.read(4) : 0;
        if (size > 11) {
            throw new IIOException("the WebP is malformed: its colour cache has " + size + " bits");
        }
        return size;
    }

    /** Reads an image and returns the largest number that red and green make up in it. */
    private int largestOf(int imageWidth, int imageHeight) throws IOException {
        int cacheBits = cacheBits();
        int cached = cacheBits == 0 ? 0 : 1 << cacheBits;
        PrefixCode green = PrefixCode.read(bits, LITERALS + LENGTHS + cached);
        PrefixCode red = PrefixCode.read(bits, LITERALS);
        PrefixCode blue = PrefixCode.read(bits, LITERALS);
        PrefixCode alpha = PrefixCode.read(bits, LITERALS);
        PrefixCode distance = PrefixCode.read(bits, DISTANCES);
        int largest = 0;
        long left = (long) imageWidth * imageHeight;
        while (left > 0) {
            int symbol = green.next(bits);
            if (symbol < LITERALS) {
                // Pixels that repeat others or come from the cache have no new values.
                largest = Math.max(largest, red.next(bits) << 8 | symbol);
                blue.next(bits);
                alpha.next(bits);
                left--;
            } else if (symbol < LITERALS + LENGTHS) {
                left -= number(symbol - LITERALS);
                number(distance.next(bits));
            } else {
                left--;
            }
        }
        return largest;
    }

    private long number(int prefix) throws IOException {
        if (prefix < 4) {
            return 1L + prefix;
        }
        int extra = (prefix - 2) >> 1;
        return ((2L + (prefix & 1)) << extra) + bits.read(extra) + 1;
    }
}
