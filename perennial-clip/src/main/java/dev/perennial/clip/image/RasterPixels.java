package dev.perennial.clip.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;

/**
 * Takes the stored samples out of decoded images.
 *
 * <p>{@code BufferedImage.getRGB} would convert grey and profiled samples between colour spaces, which Pillow does not.
 */
final class RasterPixels {
    private RasterPixels() {}

    /**
     * Returns the samples as RGB: palettes expanded, one or two bands replicated, alpha dropped.
     *
     * @param clips whether samples above 255 become 255, as Pillow's 16-bit grey; otherwise they keep their high byte
     */
    static RgbImage toRgb(RenderedImage image, boolean clips) {
        Raster raster = image instanceof BufferedImage buffered ? buffered.getRaster() : image.getData();
        if (image instanceof BufferedImage buffered
                && buffered.getType() == BufferedImage.TYPE_3BYTE_BGR
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getData().length == 3L * raster.getWidth() * raster.getHeight()) {
            return exchanged(raster, buffer.getData());
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        int[][] tables = new int[bands][];
        int[] source = new int[3];
        for (int channel = 0; channel < 3; channel++) {
            source[channel] = bands < 3 ? 0 : channel;
        }
        boolean indexed = image.getColorModel() instanceof IndexColorModel;
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[width * bands];
        for (int band = 0; band < bands && !indexed; band++) {
            tables[band] = scale(raster.getSampleModel().getSampleSize(band), clips);
        }
        int[][] palette = image.getColorModel() instanceof IndexColorModel model ? palette(model) : new int[0][];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    int value = indexed
                            ? palette[channel][row[x]]
                            : tables[source[channel]][row[x * bands + source[channel]]];
                    rgb[(y * width + x) * 3 + channel] = (byte) value;
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** Swaps blue and red in place, so that large images are held once only. */
    private static RgbImage exchanged(Raster raster, byte[] bgr) {
        for (int i = 0; i < bgr.length; i += 3) {
            byte blue = bgr[i];
            bgr[i] = bgr[i + 2];
            bgr[i + 2] = blue;
        }
        return new RgbImage(raster.getWidth(), raster.getHeight(), bgr);
    }

    /** The 8-bit value of every sample of this many bits, truncated as Pillow's unpackers do. */
    private static int[] scale(int bits, boolean clips) {
        int[] table = new int[1 << bits];
        for (int value = 0; value < table.length; value++) {
            if (bits > 8) {
                table[value] = clips ? Math.min(value, 255) : value >> (bits - 8);
            } else {
                table[value] = value * 255 / (table.length - 1);
            }
        }
        return table;
    }

    /** Red, green and blue of the 256 indices; those beyond the file's palette are black, as in Pillow. */
    private static int[][] palette(IndexColorModel model) {
        int[][] palette = new int[3][Math.max(256, model.getMapSize())];
        for (int i = 0; i < model.getMapSize(); i++) {
            palette[0][i] = model.getRed(i);
            palette[1][i] = model.getGreen(i);
            palette[2][i] = model.getBlue(i);
        }
        return palette;
    }
}
