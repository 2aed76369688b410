package dev.perennial.clip.image;

import java.io.EOFException;

/** The EXIF orientation tag (0x0112), 1 to 8: how the camera was held. */
final class Orientation {
    static final int UPRIGHT = 1;

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;

    private Orientation() {}

    /** Reads the orientation from EXIF data; damaged data say nothing, as everywhere, and count as upright. */
    static int read(FileBytes file, int from, int to) {
        int tiff = file.has(from, "Exif\0\0") ? from + 6 : from;
        boolean little = file.has(tiff, "II*\0");
        if (!little && !file.has(tiff, "MM\0*")) {
            return UPRIGHT;
        }
        try {
            long directory = tiff + (little ? file.u32LittleEndian(tiff + 4) : file.u32(tiff + 4));
            if (directory > to - 2) {
                return UPRIGHT;
            }
            int entries = u16(file, (int) directory, little);
            for (int i = 0; i < entries; i++) {
                int entry = (int) directory + 2 + 12 * i;
                if (entry > to - 12) {
                    return UPRIGHT;
                }
                if (u16(file, entry, little) == TAG && u16(file, entry + 2, little) == SHORT) {
                    int value = u16(file, entry + 8, little);
                    return value >= 1 && value <= 8 ? value : UPRIGHT;
                }
            }
            return UPRIGHT;
        } catch (EOFException e) {
            return UPRIGHT;
        }
    }

    private static int u16(FileBytes file, int at, boolean little) throws EOFException {
        return little ? file.u16LittleEndian(at) : file.u16(at);
    }

    /** Turns and mirrors an image so that it looks as the photographer saw it. */
    static RgbImage upright(RgbImage image, int orientation) {
        if (orientation == UPRIGHT) {
            return image;
        }
        boolean transposed = orientation >= 5;
        int width = transposed ? image.height() : image.width();
        int height = transposed ? image.width() : image.height();
        byte[] out = new byte[image.rgb().length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int right = width - 1 - x;
                int bottom = height - 1 - y;
                int from = switch (orientation) {
                    case 2 -> y * width + right;
                    case 3 -> bottom * width + right;
                    case 4 -> bottom * width + x;
                    case 5 -> x * height + y;
                    case 6 -> right * height + y;
                    case 7 -> right * height + bottom;
                    case 8 -> x * height + bottom;
                    default -> throw new IllegalArgumentException("EXIF orientation " + orientation);
                };
                System.arraycopy(image.rgb(), from * 3, out, (y * width + x) * 3, 3);
            }
        }
        return new RgbImage(width, height, out);
    }
}
