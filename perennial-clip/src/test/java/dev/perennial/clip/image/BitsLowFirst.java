package dev.perennial.clip.image;

import java.io.ByteArrayOutputStream;

/** Packs bits into bytes from the lowest bit on, as GIF and lossless WebP do. */
final class BitsLowFirst {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int pending;
    private int count;

    void write(int value, int bits) {
        for (int i = 0; i < bits; i++) {
            pending |= (value >> i & 1) << count++;
            if (count == 8) {
                out.write(pending);
                pending = 0;
                count = 0;
            }
        }
    }

    byte[] bytes() {
        while (count != 0) {
            write(0, 1);
        }
        return out.toByteArray();
    }
}
