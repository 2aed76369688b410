package dev.perennial.train;

/** Says that training produced a number that is not finite; nothing after that step was kept. */
public final class DivergenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean weightsAreBroken;

    /**
     * Creates the exception with a message that says what, where and what to do.
     *
     * @param weightsAreBroken whether a weight itself is not finite, so that no later step can be
     */
    public DivergenceException(String message, boolean weightsAreBroken) {
        super(message);
        this.weightsAreBroken = weightsAreBroken;
    }

    /** Returns whether a weight itself is not finite, so that skipping the step does not help. */
    public boolean weightsAreBroken() {
        return weightsAreBroken;
    }
}
