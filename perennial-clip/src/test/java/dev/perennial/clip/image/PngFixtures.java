package dev.perennial.clip.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG files written chunk by chunk, to reach every colour type and every kind of damage. */
final class PngFixtures {
    static final int GREY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGBA = 6;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private PngFixtures() {}

    /**
     * A PNG of packed rows.
     *
     * @param rows the bytes of each row, without filter bytes
     * @param extra whole chunks to stand between header and data
     */
    static byte[] of(int width, int height, int bitDepth, int colourType, byte[] rows, byte[]... extra) {
        var raw = new ByteArrayOutputStream();
        int stride = rows.length / height;
        for (int y = 0; y < height; y++) {
            raw.write(0);
            raw.write(rows, y * stride, stride);
        }
        return file(width, height, bitDepth, colourType, deflate(raw.toByteArray()), extra);
    }

    static byte[] file(int width, int height, int bitDepth, int colourType, byte[] data, byte[]... extra) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) bitDepth)
                .put((byte) colourType)
                .array();
        out.writeBytes(chunk("IHDR", header));
        for (byte[] chunk : extra) {
            out.writeBytes(chunk);
        }
        out.writeBytes(chunk("IDAT", data));
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    static byte[] of(RgbImage image) {
        return of(image.width(), image.height(), 8, RGB, image.rgb());
    }

    static byte[] chunk(String type, byte[] content) {
        var crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.ISO_8859_1));
        crc.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] deflate(byte[] raw) {
        try (var deflater = new Deflater(9)) {
            deflater.setInput(raw);
            deflater.finish();
            var out = new ByteArrayOutputStream();
            byte[] buffer = new byte[65_536];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }
}
