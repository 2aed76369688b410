package dev.perennial.data;

import dev.perennial.clip.image.ImageDecoder;
import dev.perennial.clip.image.RgbImage;
import java.util.function.Supplier;

/** An image that is read when asked for; safe for use by several threads. */
public interface ImageSource {
    /** Returns what to call the image in messages, such as a path. */
    String name();

    /**
     * Reads the encoded bytes.
     *
     * @throws BadSampleException if this image is missing or cannot be read
     */
    byte[] read();

    /**
     * Reads and decodes the image.
     *
     * @throws BadSampleException if this image is missing or cannot be read
     * @throws dev.perennial.clip.image.ImageFormatException if the bytes are no whole image within the usual limits
     */
    default RgbImage decode() {
        return ImageDecoder.STANDARD.decode(read(), name());
    }

    /** Returns a source with this name whose bytes come from a supplier. */
    static ImageSource of(String name, Supplier<byte[]> bytes) {
        return new ImageSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public byte[] read() {
                return bytes.get();
            }
        };
    }
}
