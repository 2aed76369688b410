package dev.perennial.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives with many entries. */
final class HostileArchives {
    private static final int BLOCK = 512;

    private HostileArchives() {}

    /** A PyTorch archive whose pickle is a dictionary of one tensor and this many numbers. */
    static byte[] pytorch(int numbers) throws IOException {
        var pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, '}', '('});
        text(pickle, "w");
        ascii(pickle, "ctorch._utils\n_rebuild_tensor_v2\n((");
        text(pickle, "storage");
        ascii(pickle, "ctorch\nFloatStorage\n");
        text(pickle, "0");
        text(pickle, "cpu");
        ascii(pickle, "K\1tQK\0K\1\u0085K\1\u0085\u0089N");
        ascii(pickle, "tR");
        for (int i = 0; i < numbers; i++) {
            text(pickle, "number" + i);
            ascii(pickle, "K\1");
        }
        ascii(pickle, "u.");
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            entry(out, "model/data.pkl", pickle.toByteArray());
            entry(out, "model/data/0", new byte[4]);
        }
        return zip.toByteArray();
    }

    /** A tar of this many empty images. */
    static byte[] tar(int members) {
        byte[] tar = new byte[(members + 2) * BLOCK];
        for (int i = 0; i < members; i++) {
            byte[] header = new byte[BLOCK];
            put(header, 0, i + ".jpg");
            put(header, 100, "0000644\0" + "0000000\0" + "0000000\0" + "00000000000\0" + "00000000000\0" + "        0");
            put(header, 257, "ustar\00000");
            int sum = 0;
            for (byte b : header) {
                sum += b & 0xff;
            }
            put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
            System.arraycopy(header, 0, tar, i * BLOCK, BLOCK);
        }
        return tar;
    }

    private static void put(byte[] header, int at, String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static void text(ByteArrayOutputStream pickle, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        pickle.write('X');
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        pickle.writeBytes(bytes);
    }

    private static void ascii(ByteArrayOutputStream pickle, String latin) {
        pickle.writeBytes(latin.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void entry(ZipOutputStream out, String name, byte[] content) throws IOException {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
