package dev.perennial.clip.tensor;

/**
 * The generator MT19937 (Matsumoto and Nishimura 1998) seeded by {@code init_genrand}, for splits and orders that were published
 * as a seed of numpy's or PyTorch's; everything else draws from {@link RandomStream}.
 */
public final class MersenneTwister {
    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int next = N;

    /**
     * Seeds the generator.
     *
     * @param seed only its lowest 32 bits count, as in numpy and PyTorch
     */
    public MersenneTwister(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1_812_433_253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** Returns the next 32 random bits, in {@code [0, 2^32)}. */
    public long nextUnsigned() {
        if (next == N) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        y ^= y >>> 18;
        return Integer.toUnsignedLong(y);
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
            state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) * 0x9908b0df);
        }
        next = 0;
    }

    /** Returns {@code torch.randperm(size)} of a CPU generator with this state. */
    public int[] torchPermutation(int size) {
        int[] order = identity(size);
        for (int i = 0; i < size - 1; i++) {
            swap(order, i, i + (int) (nextUnsigned() % (size - i)));
        }
        return order;
    }

    /** Returns {@code RandomState.permutation(size)} of numpy with this state. */
    public int[] numpyPermutation(int size) {
        int[] order = identity(size);
        for (int i = size - 1; i > 0; i--) {
            swap(order, i, bounded(i));
        }
        return order;
    }

    /** Returns a number in {@code [0, largest]} by numpy's legacy rule: mask, and draw again what is too large. */
    private int bounded(int largest) {
        int mask = Integer.highestOneBit(largest) * 2 - 1;
        int value = (int) nextUnsigned() & mask;
        while (value > largest) {
            value = (int) nextUnsigned() & mask;
        }
        return value;
    }

    private static int[] identity(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }

    private static void swap(int[] values, int i, int j) {
        int value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}
