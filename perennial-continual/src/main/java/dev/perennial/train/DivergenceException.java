package dev.perennial.train;

/** Says that training produced a number that is not finite; nothing after that step was kept. */
public final class DivergenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that says what, where and what to do. */
    public DivergenceException(String message) {
        super(message);
    }
}
