package dev.perennial.evaluate;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Base64;

/** A small PNG or JPEG picture, in base64. */
public record Thumbnail(String base64) {
    /** Checks that the text is base64 of a PNG or JPEG file. */
    public Thumbnail {
        mediaType(base64);
    }

    /**
     * Returns the thumbnail of the bytes of a file.
     *
     * @throws IllegalArgumentException if they are neither PNG nor JPEG
     */
    public static Thumbnail of(byte[] file) {
        return new Thumbnail(Base64.getEncoder().encodeToString(file));
    }

    /**
     * Returns the thumbnail of base64 text.
     *
     * @throws IllegalArgumentException if the text is not base64 of a PNG or JPEG file
     */
    @JsonCreator
    public static Thumbnail parse(String base64) {
        return new Thumbnail(base64);
    }

    /** Returns the text. */
    @Override
    @JsonValue
    public String base64() {
        return base64;
    }

    /** Returns the bytes of the file. */
    public byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }

    /** Returns {@code image/png} or {@code image/jpeg}. */
    public String mediaType() {
        return mediaType(base64);
    }

    private static String mediaType(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length > 8 && bytes[0] == (byte) 0x89 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G') {
            return "image/png";
        }
        if (bytes.length > 3 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8 && bytes[2] == (byte) 0xff) {
            return "image/jpeg";
        }
        throw new IllegalArgumentException("a thumbnail of " + bytes.length + " bytes is neither PNG nor JPEG");
    }
}
