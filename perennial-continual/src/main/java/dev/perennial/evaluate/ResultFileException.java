package dev.perennial.evaluate;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A result file that cannot be used as it is; the message names the file, the fault and the remedy. */
public final class ResultFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ResultFileException(Path file, String fault, @Nullable Throwable cause) {
        super(file + ": " + fault, cause);
    }
}
