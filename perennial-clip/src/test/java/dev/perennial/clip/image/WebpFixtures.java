package dev.perennial.clip.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** WebP files: lossless ones of literal pixels, written bit by bit, and a tiny lossy one. */
final class WebpFixtures {
    /** One grey pixel, lossy. */
    static final byte[] LOSSY = Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

    private static final int ALPHA = 0x10;
    private static final int EXIF = 0x08;
    private static final int ANIMATION = 0x02;

    private WebpFixtures() {}

    static byte[] lossless(RgbImage image, int alpha) {
        return riff(vp8l(image, alpha));
    }

    static byte[] withExif(RgbImage image, byte[] exif) {
        return riff(vp8x(EXIF, image.width(), image.height()), vp8l(image, 255), chunk("EXIF", exif));
    }

    /** An animation whose first frame lies at (x, y) of a larger canvas and whose second covers it in white. */
    static byte[] animated(RgbImage first, int x, int y, int width, int height) {
        RgbImage white = SyntheticImages.of(width, height, (i, j, channel) -> 255);
        return riff(
                vp8x(ALPHA | ANIMATION, width, height),
                chunk("ANIM", new byte[6]),
                chunk("ANMF", concatenated(frameHeader(x, y, first), vp8l(first, 255))),
                chunk("ANMF", concatenated(frameHeader(0, 0, white), vp8l(white, 255))));
    }

    static byte[] chunk(String type, byte[] content) {
        return ByteBuffer.allocate(8 + content.length + (content.length & 1))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static byte[] riff(byte[]... chunks) {
        byte[] content = concatenated(chunks);
        return ByteBuffer.allocate(12 + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'R', 'I', 'F', 'F'})
                .putInt(4 + content.length)
                .put(new byte[] {'W', 'E', 'B', 'P'})
                .put(content)
                .array();
    }

    private static byte[] vp8x(int flags, int width, int height) {
        return chunk("VP8X", concatenated(new byte[] {(byte) flags, 0, 0, 0}, u24(width - 1), u24(height - 1)));
    }

    private static byte[] frameHeader(int x, int y, RgbImage image) {
        return concatenated(
                u24(x / 2), u24(y / 2), u24(image.width() - 1), u24(image.height() - 1), new byte[] {100, 0, 0, 0});
    }

    /** No transform, no cache; green, red, blue and alpha each have 256 symbols of 8 bits. */
    private static byte[] vp8l(RgbImage image, int alpha) {
        var bits = new BitsLowFirst();
        bits.write(0x2f, 8);
        bits.write(image.width() - 1, 14);
        bits.write(image.height() - 1, 14);
        bits.write(alpha < 255 ? 1 : 0, 1);
        bits.write(0, 3 + 1 + 1 + 1);
        for (int alphabet = 0; alphabet < 4; alphabet++) {
            bits.write(0, 1);
            // Code lengths 17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8: only "8" occurs, so it takes no bits itself.
            bits.write(12 - 4, 4);
            for (int i = 0; i < 12; i++) {
                bits.write(i == 11 ? 1 : 0, 3);
            }
            // 256 of the lengths follow: 2 + 2 * 3 bits hold 256 - 2.
            bits.write(1, 1);
            bits.write(3, 3);
            bits.write(254, 8);
        }
        // Distances: a simple code of one symbol, 0.
        bits.write(1, 1);
        bits.write(0, 3);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                symbol(bits, image.value(x, y, 1));
                symbol(bits, image.value(x, y, 0));
                symbol(bits, image.value(x, y, 2));
                symbol(bits, alpha);
            }
        }
        return chunk("VP8L", bits.bytes());
    }

    private static void symbol(BitsLowFirst bits, int value) {
        bits.write(Integer.reverse(value) >>> 24, 8);
    }

    private static byte[] u24(int value) {
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16)};
    }

    private static byte[] concatenated(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
