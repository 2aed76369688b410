package dev.perennial.clip.image;

import dev.perennial.clip.guard.SafeText;

/** Thrown when bytes are not a whole, readable image within the limits; the message names the image and the remedy. */
public final class ImageFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String image;

    ImageFormatException(String image, String problem, String remedy) {
        super(message(image, problem, remedy));
        this.image = image;
    }

    ImageFormatException(String image, String problem, String remedy, Throwable cause) {
        super(message(image, problem, remedy), cause);
        this.image = image;
    }

    private static String message(String image, String problem, String remedy) {
        return SafeText.of(image + ": " + problem + "; " + remedy);
    }

    /** Returns the name of the image that could not be read, as given to the decoder. */
    public String image() {
        return image;
    }
}
