package dev.perennial.data.official;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes Windows bitmaps of plain pixels: every decoder reads them, and nothing is lost. */
final class Bitmap {
    private static final int HEADER = 54;

    /** The level of a colour, 0 to 255, at a place. */
    interface Levels {
        byte at(int colour, int y, int x);
    }

    private Bitmap() {}

    /** Encodes pixels whose colours are counted red, green, blue. */
    static byte[] encode(int width, int height, Levels levels) {
        int rowBytes = (width * 3 + 3) / 4 * 4;
        ByteBuffer file = ByteBuffer.allocate(HEADER + rowBytes * height).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(HEADER);
        file.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) 24);
        file.putInt(0).putInt(rowBytes * height);
        for (int y = height - 1; y >= 0; y--) {
            file.position(HEADER + (height - 1 - y) * rowBytes);
            for (int x = 0; x < width; x++) {
                for (int colour = 2; colour >= 0; colour--) {
                    file.put(levels.at(colour, y, x));
                }
            }
        }
        return file.array();
    }
}
