package dev.perennial.method;

/** Checks the options of methods; the messages name them as a configuration does. */
public final class Ranges {
    private Ranges() {}

    /** Requires a finite number of at least 0. */
    public static void notNegative(String key, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(key + " must be at least 0 but is " + value);
        }
    }

    /** Requires a finite number greater than 0. */
    public static void positive(String key, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(key + " must be positive but is " + value);
        }
    }

    /** Requires a number in {@code [0, 1]}. */
    public static void share(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(key + " must be in [0, 1] but is " + value);
        }
    }

    /** Requires a whole number of at least {@code least}. */
    public static void atLeast(String key, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + " but is " + value);
        }
    }
}
