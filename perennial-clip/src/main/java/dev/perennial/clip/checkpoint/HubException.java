package dev.perennial.clip.checkpoint;

import java.io.Serial;

/** A model that could not be fetched from the hub; the message says why and what to do. */
public class HubException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    HubException(String message) {
        super(message);
    }

    HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
