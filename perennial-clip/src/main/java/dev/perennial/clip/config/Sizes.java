package dev.perennial.clip.config;

/** Checks shared by the configuration records. */
final class Sizes {
    private Sizes() {}

    static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive but is " + value);
        }
    }
}
