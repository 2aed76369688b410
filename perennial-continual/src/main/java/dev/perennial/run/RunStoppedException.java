package dev.perennial.run;

/** Says that a run was asked to stop and did, with all that it had done saved. */
public final class RunStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunStoppedException(String message) {
        super(message);
    }
}
