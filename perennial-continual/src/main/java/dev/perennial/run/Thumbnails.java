package dev.perennial.run;

import dev.perennial.clip.image.Interpolation;
import dev.perennial.clip.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Small pictures for reports. */
public final class Thumbnails {
    private static final int LONG_SIDE = 96;

    private Thumbnails() {}

    /** Returns the image as PNG, scaled down to at most 96 pixels on the long side. */
    public static byte[] png(RgbImage image) {
        double scale = Math.min(1, (double) LONG_SIDE / Math.max(image.width(), image.height()));
        int width = Math.max(1, (int) Math.round(image.width() * scale));
        int height = Math.max(1, (int) Math.round(image.height() * scale));
        RgbImage small = scale < 1 ? image.resize(width, height, Interpolation.BICUBIC) : image;
        BufferedImage buffered = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        byte[] rgb = small.rgb();
        for (int i = 0; i < width * height; i++) {
            int packed = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
            buffered.setRGB(i % width, i / width, packed);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(buffered, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a thumbnail cannot be encoded", e);
        }
        return bytes.toByteArray();
    }
}
