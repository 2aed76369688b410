package dev.perennial.bench;

/** A run of a benchmark failed; the reason says why and where its log is. */
public final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** Creates the exception. */
    public RunFailedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns why the run failed. */
    public String reason() {
        return reason;
    }
}
