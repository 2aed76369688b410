package dev.perennial.clip.image;

/** Thrown when bytes are not a whole, readable image within the limits; the message names the image and the remedy. */
public final class ImageFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String image;

    ImageFormatException(String image, String problem, String remedy) {
        super(image + ": " + problem + "; " + remedy);
        this.image = image;
    }

    ImageFormatException(String image, String problem, String remedy, Throwable cause) {
        super(image + ": " + problem + "; " + remedy, cause);
        this.image = image;
    }

    /** Returns the name of the image that could not be read, as given to the decoder. */
    public String image() {
        return image;
    }
}
