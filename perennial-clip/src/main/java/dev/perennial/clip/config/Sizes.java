package dev.perennial.clip.config;

/** Checks shared by the configuration records. */
final class Sizes {
    /** The most blocks of a tower. */
    static final int LAYERS = 1_000;

    /** The longest side of an image, so that its patches can be counted in an int. */
    static final int IMAGE_SIDE = 1 << 14;

    private static final int LARGEST = 1 << 24;

    private Sizes() {}

    static void requirePositive(String name, int value) {
        requireUpTo(LARGEST, name, value);
    }

    /** Checks a size from a file, before anything is counted or made in that number. */
    static void requireUpTo(int largest, String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive but is " + value);
        }
        if (value > largest) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", beyond that of any model; " + largest + " is the limit");
        }
    }
}
