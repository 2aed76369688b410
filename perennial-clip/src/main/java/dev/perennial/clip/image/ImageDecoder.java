package dev.perennial.clip.image;

import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Decodes JPEG, PNG, GIF (first frame), BMP and WebP (first frame) as Pillow's {@code Image.open(f).convert("RGB")}.
 *
 * <p>Palettes are expanded, alpha is dropped and not composited, grey is replicated, 16-bit grey is clipped to 255
 * (Pillow's {@code I;16}), other 16-bit samples keep their high byte, CMYK is inverted and multiplied, colour profiles
 * are ignored. Two things differ from Pillow: a PNG whose pixel data fail their checksum is refused, and the chroma of
 * lossy WebP is not smoothed, so it may be a few levels off at coloured edges.
 *
 * <p>The limits hold before any memory is taken for pixels. All images that are being decoded take no more than half of the
 * heap together: large ones wait for each other, and one that would need more alone is refused. Decoding takes 3 bytes a
 * pixel, and up to 16 for some kinds. Instances may be shared between threads.
 *
 * @param maxPixels the largest width times height; a side has at most 65,535
 * @param maxBytes the largest encoded size
 * @param applyOrientation whether to turn the image upright by its EXIF orientation; CLIP's pipelines do not
 */
public record ImageDecoder(long maxPixels, long maxBytes, boolean applyOrientation) {
    /** The usual decoder: up to 128 million pixels, and 256 MiB or a 16th of the heap; EXIF orientation ignored. */
    public static final ImageDecoder STANDARD = new ImageDecoder(
            128_000_000, Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 16), false);

    /** The longest side of JPEG and GIF; with it no proportion of sides is beyond the arithmetic of resizing. */
    private static final int MAX_SIDE = 65_535;

    /** Three bytes a pixel must fit in one array. */
    private static final long ARRAY_PIXELS = (Integer.MAX_VALUE - 8) / 3;

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if a limit is not positive or more than a Java array holds
     */
    public ImageDecoder {
        if (maxPixels <= 0 || maxPixels > ARRAY_PIXELS) {
            throw new IllegalArgumentException("max pixels must be 1 to " + ARRAY_PIXELS + " but is " + maxPixels);
        }
        if (maxBytes <= 0 || maxBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "max bytes must be 1 to " + (Integer.MAX_VALUE - 8) + " but is " + maxBytes);
        }
    }

    /** Returns this decoder with another limit on width times height. */
    public ImageDecoder withMaxPixels(long pixels) {
        return new ImageDecoder(pixels, maxBytes, applyOrientation);
    }

    /** Returns this decoder with another limit on the encoded size. */
    public ImageDecoder withMaxBytes(long bytes) {
        return new ImageDecoder(maxPixels, bytes, applyOrientation);
    }

    /** Returns this decoder turning images upright by their EXIF orientation, or not. */
    public ImageDecoder withOrientation(boolean apply) {
        return new ImageDecoder(maxPixels, maxBytes, apply);
    }

    /**
     * Reads and decodes a file.
     *
     * @throws ImageFormatException if the file is not a whole, readable image within the limits
     * @throws UncheckedIOException if the file is missing or cannot be read
     */
    public RgbImage decode(Path path) {
        try {
            BoundedFile.requireRegular(path);
            if (Files.size(path) > maxBytes) {
                throw tooLarge(path.toString());
            }
            return decode(BoundedFile.bytes(path, maxBytes), path.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    path + ": cannot be read (" + e.getMessage() + "); check that it exists and may be read", e);
        }
    }

    /**
     * Decodes an image in memory.
     *
     * @param name what to call the image in messages
     * @throws ImageFormatException if the bytes are not a whole, readable image within the limits
     */
    public RgbImage decode(byte[] encoded, String name) {
        if (encoded.length == 0) {
            throw new ImageFormatException(name, "the file is empty", "fetch it again or leave it out");
        }
        if (encoded.length > maxBytes) {
            throw tooLarge(name);
        }
        try {
            ImageFile file = ImageFile.parse(new FileBytes(encoded));
            checkPixels(name, file);
            return DecodingMemory.within(name, memory(file, encoded.length), () -> {
                RgbImage image = file.decode();
                return applyOrientation ? Orientation.upright(image, file.orientation()) : image;
            });
        } catch (IOException | RuntimeException e) {
            throw failure(name, e);
        }
    }

    private ImageFormatException tooLarge(String name) {
        return new ImageFormatException(
                name, "the file is larger than " + maxBytes + " bytes", "raise the limit or leave it out");
    }

    private long memory(ImageFile file, int encodedBytes) {
        boolean turns = applyOrientation && file.orientation() != Orientation.UPRIGHT;
        return file.memory() + 2L * encodedBytes + (turns ? 3L * file.width() * file.height() : 0);
    }

    private void checkPixels(String name, ImageFile file) {
        if ((long) file.width() * file.height() > maxPixels) {
            throw new ImageFormatException(
                    name,
                    "the header announces " + file.width() + " x " + file.height() + " pixels, more than " + maxPixels,
                    "raise the limit or leave it out");
        }
        if (file.width() > MAX_SIDE || file.height() > MAX_SIDE) {
            throw new ImageFormatException(
                    name,
                    "the header announces " + file.width() + " x " + file.height() + " pixels, more than " + MAX_SIDE
                            + " along a side",
                    "leave it out");
        }
    }

    /** Codecs throw every kind of runtime exception on malformed input; all mean that the bytes are bad. */
    private static ImageFormatException failure(String name, Exception e) {
        if (e instanceof ImageFormatException known) {
            return known;
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            // The JDK's PNG reader wraps running out of memory, which says nothing about the image.
            if (cause instanceof Error error) {
                throw error;
            }
        }
        String problem = e instanceof IOException && e.getMessage() != null
                ? e.getMessage()
                : "the pixel data are malformed (" + e + ")";
        return new ImageFormatException(name, problem, "fetch it again or leave it out", e);
    }
}
