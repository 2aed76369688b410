package dev.perennial.clip.tensor;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A random generator whose whole state is one number, so that a checkpoint can hold it (SplitMix64; Steele, Lea and Flood 2014).
 */
public final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** Creates a stream that continues from a state. */
    public RandomStream(long state) {
        this.state = state;
    }

    /** Returns the state, from which {@link #RandomStream(long)} continues. */
    public long state() {
        return state;
    }

    /** Goes on from another state. */
    void moveTo(long position) {
        state = position;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return scramble(state);
    }

    /** Returns the numbers {@code 0..count-1} in random order (Fisher-Yates). */
    public int[] permutation(int count) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        for (int i = count - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    static long scramble(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
