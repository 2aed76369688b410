package dev.perennial.clip.checkpoint;

import java.io.Serial;

/** A pickle that is damaged or holds more than weights; {@link PytorchArchive} adds the file's name. */
final class PickleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    PickleException(String message) {
        super(message);
    }
}
