package dev.perennial.evaluate.metric;

/**
 * Scores as whole numbers of the same order, and counts of those ahead. A count of keys needs no branch, so the compiler turns these
 * loops into vector instructions; it does not do so with comparisons of floating-point numbers.
 */
final class ScoreKeys {
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private ScoreKeys() {}

    /** Returns the key of a score from its bits: greater for a greater score, equal for equal ones, so also for both zeros. */
    static int key(int bits) {
        int sign = bits >> 31;
        return ((bits & Integer.MAX_VALUE) ^ sign) - sign;
    }

    /** Returns how many scores from {@code from} to before {@code to}, given as bits, have at least a key. */
    static int atLeast(int[] bits, int from, int to, int key) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += isAtLeast(key(bits[i]), key);
        }
        return count;
    }

    /** Adds one to the count of each image whose best text is behind {@code text}: has a lower score, or the same and comes later. */
    static void addAhead(int[] bits, int text, int[] bestKeys, int[] bestTexts, int[] counts) {
        for (int i = 0; i < bits.length; i++) {
            int later = (text - bestTexts[i]) >>> 31;
            counts[i] += isAtLeast(key(bits[i]), bestKeys[i] + 1 - later);
        }
    }

    /** Returns the first index before {@code to} that holds no number, or -1. */
    static int firstNaN(int[] bits, int to) {
        int largest = 0;
        for (int i = 0; i < to; i++) {
            largest = Math.max(largest, bits[i] & Integer.MAX_VALUE);
        }
        for (int i = 0; i < to && largest > INFINITY; i++) {
            if (Float.isNaN(Float.intBitsToFloat(bits[i]))) {
                return i;
            }
        }
        return -1;
    }

    /** One or zero: not the sign of a difference, which may overflow. */
    private static int isAtLeast(int key, int other) {
        return Math.min(Math.max(key, other - 1), other) - (other - 1);
    }
}
