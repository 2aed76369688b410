package dev.perennial.run;

/** Says what is wrong in a configuration, where, and what to write instead. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message for the user. */
    public ConfigException(String message) {
        super(message);
    }
}
