package dev.perennial.clip.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** GIF files written block by block, with literal 9-bit codes only. */
final class GifFixtures {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Starts a file; an empty palette means none. */
    GifFixtures(int width, int height, byte[] palette) {
        ascii("GIF89a");
        u16(width);
        u16(height);
        out.write(flags(palette));
        out.write(0);
        out.write(0);
        out.writeBytes(palette);
    }

    GifFixtures transparent(int index) {
        out.writeBytes(new byte[] {'!', (byte) 0xf9, 4, 1, 0, 0, (byte) index, 0});
        return this;
    }

    GifFixtures comment(String text) {
        out.writeBytes(new byte[] {'!', (byte) 0xfe, (byte) text.length()});
        ascii(text);
        out.write(0);
        return this;
    }

    GifFixtures frame(int x, int y, int width, int height, byte[] palette, int... indices) {
        out.write(',');
        u16(x);
        u16(y);
        u16(width);
        u16(height);
        out.write(flags(palette));
        out.writeBytes(palette);
        out.write(8);
        byte[] codes = codes(indices);
        for (int at = 0; at < codes.length; at += 255) {
            int length = Math.min(255, codes.length - at);
            out.write(length);
            out.write(codes, at, length);
        }
        out.write(0);
        return this;
    }

    byte[] end() {
        out.write(';');
        return out.toByteArray();
    }

    private static byte[] codes(int[] indices) {
        var bits = new BitsLowFirst();
        for (int i = 0; i < indices.length; i++) {
            if (i % 200 == 0) {
                // Cleared before the codes would grow to 10 bits.
                bits.write(256, 9);
            }
            bits.write(indices[i], 9);
        }
        bits.write(257, 9);
        return bits.bytes();
    }

    private static int flags(byte[] palette) {
        return palette.length == 0 ? 0 : 0x80 | (31 - Integer.numberOfLeadingZeros(palette.length / 3) - 1);
    }

    private void u16(int value) {
        out.write(value);
        out.write(value >> 8);
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
