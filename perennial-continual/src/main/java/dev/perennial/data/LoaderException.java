package dev.perennial.data;

/** Loading failed for a reason other than bad data; the message names the sample. */
public final class LoaderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LoaderException(String message, Throwable cause) {
        super(message, cause);
    }

    LoaderException(String message) {
        super(message);
    }
}
