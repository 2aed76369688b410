package dev.perennial.clip.image;

import java.util.Arrays;
import java.util.Objects;

/**
 * An 8-bit RGB image: rows from the top, pixels from the left, three bytes (red, green, blue) each.
 *
 * <p>Immutable by convention: the bytes are shared, not copied, so neither the maker nor a reader may change them.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * Wraps pixels without copying them.
     *
     * @param rgb the bytes, {@code [height, width, 3]}
     * @throws IllegalArgumentException if the sizes are not positive or do not match the number of bytes
     */
    public RgbImage(int width, int height, byte[] rgb) {
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException("an image needs positive sizes but is " + width + " x " + height);
        }
        if (rgb.length != 3L * width * height) {
            throw new IllegalArgumentException("an RGB image of " + width + " x " + height + " needs "
                    + 3L * width * height + " bytes but has " + rgb.length);
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /** Returns the width in pixels. */
    public int width() {
        return width;
    }

    /** Returns the height in pixels. */
    public int height() {
        return height;
    }

    /** Returns the shared bytes, {@code [height, width, 3]}; do not change them. */
    public byte[] rgb() {
        return rgb;
    }

    /** Returns the value 0 to 255 of a channel (0 red, 1 green, 2 blue) at a pixel. */
    public int value(int x, int y, int channel) {
        Objects.checkIndex(x, width);
        Objects.checkIndex(y, height);
        Objects.checkIndex(channel, 3);
        return rgb[(y * width + x) * 3 + channel] & 0xff;
    }

    /**
     * Returns the rectangle of this size whose upper left pixel is (x, y).
     *
     * @throws IndexOutOfBoundsException if the rectangle is not inside the image
     */
    public RgbImage crop(int x, int y, int cropWidth, int cropHeight) {
        Objects.checkFromIndexSize(x, cropWidth, width);
        Objects.checkFromIndexSize(y, cropHeight, height);
        if (cropWidth == width && cropHeight == height) {
            return this;
        }
        byte[] out = new byte[cropWidth * cropHeight * 3];
        for (int row = 0; row < cropHeight; row++) {
            System.arraycopy(rgb, ((y + row) * width + x) * 3, out, row * cropWidth * 3, cropWidth * 3);
        }
        return new RgbImage(cropWidth, cropHeight, out);
    }

    /** Returns the mirror image, left and right exchanged. */
    public RgbImage flipHorizontal() {
        byte[] out = new byte[rgb.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(rgb, (y * width + x) * 3, out, (y * width + width - 1 - x) * 3, 3);
            }
        }
        return new RgbImage(width, height, out);
    }

    /** Returns the whole image resized to exactly this size, bit for bit as Pillow's {@code Image.resize} does. */
    public RgbImage resize(int newWidth, int newHeight, Interpolation interpolation) {
        return AntialiasedResize.window(this, newWidth, newHeight, 0, 0, newWidth, newHeight, interpolation);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage image
                && width == image.width
                && height == image.height
                && Arrays.equals(rgb, image.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "RgbImage[" + width + " x " + height + "]";
    }
}
