package dev.perennial.clip.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WebP files of a few bytes that ask much of a decoder. */
final class WebpBombs {
    static final int PREDICTOR = 0;
    static final int COLOUR = 1;
    static final int GREEN = 2;
    static final int INDEXING = 3;

    private WebpBombs() {}

    /** A lossless image of one colour, for which every code has one symbol and takes no bits. */
    static byte[] flat(int width, int height, int... transforms) {
        BitsLowFirst bits = header(width, height);
        for (int type : transforms) {
            bits.write(1, 1);
            bits.write(type, 2);
            switch (type) {
                case PREDICTOR, COLOUR -> {
                    // Blocks of 4 x 4 pixels.
                    bits.write(0, 3);
                    codes(bits);
                }
                case INDEXING -> {
                    bits.write(255, 8);
                    codes(bits);
                }
                default -> {
                    // Without data.
                }
            }
        }
        bits.write(0, 1);
        // No colour cache, no groups.
        bits.write(0, 1);
        bits.write(0, 1);
        prefixCodes(bits);
        return lossless(bits);
    }

    /** A lossless image with 65,536 groups of prefix codes, the most that can be. */
    static byte[] groups(int width, int height) {
        BitsLowFirst bits = header(width, height);
        bits.write(0, 1);
        bits.write(0, 1);
        bits.write(1, 1);
        bits.write(0, 3);
        bits.write(0, 1);
        for (int channel = 0; channel < 2; channel++) {
            bits.write(0b101, 3);
            bits.write(255, 8);
        }
        for (int channel = 0; channel < 3; channel++) {
            bits.write(0b0001, 4);
        }
        for (int group = 0; group < 65_536; group++) {
            prefixCodes(bits);
        }
        return lossless(bits);
    }

    /** Frames within frames within frames. */
    static byte[] nested(int depth) {
        ByteBuffer file = ByteBuffer.allocate(12 + 24 * depth).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(4 + 24 * depth)
                .put("WEBP".getBytes(StandardCharsets.US_ASCII));
        for (int level = depth; level > 0; level--) {
            file.put("ANMF".getBytes(StandardCharsets.US_ASCII))
                    .putInt(24 * level - 8)
                    .put(new byte[16]);
        }
        return file.array();
    }

    /** Starts a bitstream of this size: no alpha, version 0. */
    static BitsLowFirst header(int width, int height) {
        var bits = new BitsLowFirst();
        bits.write(0x2f, 8);
        bits.write(width - 1, 14);
        bits.write(height - 1, 14);
        bits.write(0, 4);
        return bits;
    }

    static byte[] lossless(BitsLowFirst bits) {
        byte[] chunk = WebpFixtures.chunk("VP8L", bits.bytes());
        return ByteBuffer.allocate(12 + chunk.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(4 + chunk.length)
                .put("WEBP".getBytes(StandardCharsets.US_ASCII))
                .put(chunk)
                .array();
    }

    private static void codes(BitsLowFirst bits) {
        bits.write(0, 1);
        prefixCodes(bits);
    }

    private static void prefixCodes(BitsLowFirst bits) {
        for (int code = 0; code < 5; code++) {
            bits.write(0b0001, 4);
        }
    }
}
