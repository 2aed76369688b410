package dev.perennial.clip.checkpoint;

import dev.perennial.clip.guard.SafeText;
import java.io.Serial;
import java.nio.file.Path;

/** A checkpoint that cannot be used; the message says which file, what is wrong with it and, where known, what to do. */
public class CheckpointException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the refusal of a file or folder. */
    public CheckpointException(Path where, String problem) {
        super(SafeText.of(where + ": " + problem));
    }

    /** Creates the refusal of a file or folder with its cause. */
    public CheckpointException(Path where, String problem, Throwable cause) {
        super(SafeText.of(where + ": " + problem), cause);
    }

    CheckpointException(String message) {
        super(SafeText.of(message));
    }
}
