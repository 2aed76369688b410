package dev.perennial.clip.image;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What a CLIP model does to an image before its tower sees it: resize, crop, scale to 0..1, normalise each channel.
 *
 * <p>{@link #openai} equals OpenAI's {@code clip.load(...)[1]} and open_clip's evaluation transform bit for bit on the
 * same decoded pixels. EXIF orientation plays no part, as in all of them.
 *
 * @param imageSize the side of the square the tower takes, in pixels
 * @param resizeMode how any shape becomes a square
 * @param interpolation the resize kernel; always antialiased and rounded to 8 bits as in Pillow
 * @param mean subtracted from values in 0..1
 * @param std divides after the mean is subtracted; positive
 * @param cropRounding where an uneven centre crop starts; plays no part when squashing
 */
public record Preprocessing(
        int imageSize,
        ResizeMode resizeMode,
        Interpolation interpolation,
        Channels mean,
        Channels std,
        CropRounding cropRounding) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the size or a standard deviation is not positive
     */
    public Preprocessing {
        if (imageSize <= 0 || imageSize > 16_384) {
            throw new IllegalArgumentException("image size must be 1 to 16384 but is " + imageSize);
        }
        for (int channel = 0; channel < 3; channel++) {
            if (!((float) std.of(channel) > 0)
                    || !Double.isFinite(std.of(channel))
                    || !Double.isFinite(mean.of(channel))) {
                throw new IllegalArgumentException(
                        "means must be finite and standard deviations positive but are " + mean + " and " + std);
            }
        }
        Objects.requireNonNull(resizeMode);
        Objects.requireNonNull(interpolation);
        Objects.requireNonNull(cropRounding);
    }

    /** OpenAI's preprocessing for towers of this size: shortest side, bicubic, centre crop, OpenAI's statistics. */
    public static Preprocessing openai(int imageSize) {
        return new Preprocessing(
                imageSize,
                ResizeMode.SHORTEST,
                Interpolation.BICUBIC,
                Channels.OPENAI_MEAN,
                Channels.OPENAI_STD,
                CropRounding.OPENAI);
    }

    /** Returns how many floats one image becomes: 3 times the square of the image size. */
    public int length() {
        return 3 * imageSize * imageSize;
    }

    /** Returns the 8-bit square that {@link #apply(RgbImage)} normalises. */
    public RgbImage square(RgbImage image) {
        return switch (resizeMode) {
            case SHORTEST -> CentreCrop.apply(image, imageSize, interpolation, cropRounding);
            case SQUASH -> image.resize(imageSize, imageSize, interpolation);
        };
    }

    /** Returns the tower's input, {@code [3, imageSize, imageSize]}, channels red, green, blue. */
    public float[] apply(RgbImage image) {
        float[] pixels = new float[length()];
        apply(image, pixels, 0);
        return pixels;
    }

    /**
     * Writes the tower's input, {@code [3, imageSize, imageSize]}, into a batch.
     *
     * @param offset where in the target the image starts
     * @throws IndexOutOfBoundsException if the target has no room for {@link #length()} floats from there
     */
    public void apply(RgbImage image, float[] target, int offset) {
        Objects.checkFromIndexSize(offset, length(), target.length);
        normalise(square(image), mean, std, target, offset);
    }

    /** Returns the values of an image as {@code [3, height, width]}, scaled to 0..1 and normalised, without resizing. */
    public static float[] normalise(RgbImage image, Channels mean, Channels std) {
        float[] target = new float[image.rgb().length];
        normalise(image, mean, std, target, 0);
        return target;
    }

    private static void normalise(RgbImage image, Channels mean, Channels std, float[] target, int offset) {
        byte[] rgb = image.rgb();
        int plane = rgb.length / 3;
        float[] table = new float[256];
        for (int channel = 0; channel < 3; channel++) {
            for (int value = 0; value < 256; value++) {
                // The order of torchvision's float32 operations, which decides the last bit.
                table[value] = (value / 255f - (float) mean.of(channel)) / (float) std.of(channel);
            }
            int to = offset + channel * plane;
            for (int i = 0; i < plane; i++) {
                target[to + i] = table[rgb[3 * i + channel] & 0xff];
            }
        }
    }

    /**
     * Returns 32 hexadecimal digits that change whenever the pixels given to the tower would: the key for caches of
     * prepared pixels and features.
     */
    public String fingerprint() {
        // The leading number is raised when the arithmetic of this package changes.
        String text = "pixels-1|" + this;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
