package dev.perennial.data;

import dev.perennial.clip.guard.SafeText;

/** A data set as a whole cannot be used; the message says which file, why, and what to do. */
public final class DatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public DatasetException(String message) {
        super(SafeText.of(message));
    }

    /** Creates the exception with what caused it. */
    public DatasetException(String message, Throwable cause) {
        super(SafeText.of(message), cause);
    }
}
