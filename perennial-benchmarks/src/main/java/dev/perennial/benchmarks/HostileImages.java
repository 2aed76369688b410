package dev.perennial.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Images of few pixels with much beside them. */
final class HostileImages {
    private HostileImages() {}

    /** A PNG of one grey pixel after this many empty texts. */
    static byte[] png(int texts) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        out.writeBytes(chunk("IHDR", new byte[] {0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0}));
        byte[] text = chunk("tEXt", new byte[0]);
        for (int i = 0; i < texts; i++) {
            out.writeBytes(text);
        }
        byte[] data = new byte[64];
        try (var deflater = new Deflater()) {
            deflater.setInput(new byte[2]);
            deflater.finish();
            int length = deflater.deflate(data);
            out.writeBytes(chunk("IDAT", Arrays.copyOf(data, length)));
        }
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    /** A GIF with this many frames of one pixel. */
    static byte[] gif(int frames) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[] {1, 0, 1, 0, 0, 0, 0});
        // Codes of 3 bits: clear, index 0, end.
        byte[] frame = {',', 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0};
        for (int i = 0; i < frames; i++) {
            out.writeBytes(frame);
        }
        out.write(';');
        return out.toByteArray();
    }

    private static byte[] chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(name);
        crc.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }
}
