package dev.perennial.clip.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
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
        Raster raster = raster(image);
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && model.getNumBands() == 3
                && model.getPixelStride() == 3
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getData().length == 3L * raster.getWidth() * raster.getHeight()) {
            return inPlace(raster, buffer.getData(), model.getBandOffsets()[0] == 2);
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

    /** The image's own raster; {@code getData} of a buffered image would copy it. */
    static Raster raster(RenderedImage image) {
        return image instanceof BufferedImage buffered ? buffered.getRaster() : image.getData();
    }

    /** Takes the codec's own bytes, with blue and red swapped where needed, so that large images are held only once. */
    private static RgbImage inPlace(Raster raster, byte[] rgb, boolean blueFirst) {
        for (int i = 0; blueFirst && i < rgb.length; i += 3) {
            byte blue = rgb[i];
            rgb[i] = rgb[i + 2];
            rgb[i + 2] = blue;
        }
        return new RgbImage(raster.getWidth(), raster.getHeight(), rgb);
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
