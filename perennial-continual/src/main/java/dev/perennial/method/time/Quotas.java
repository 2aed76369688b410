package dev.perennial.method.time;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How a replay memory is shared among earlier time steps, newest first (TiC-CLIP, Garg et al. 2024, arXiv 2310.16226).
 *
 * <p>No step gets more than is stored of it. What that leaves, and what rounding leaves, goes one by one to the step with the smallest
 * quota that has more, the newest of them first, so that the quotas add up to the whole memory unless everything fits.
 */
final class Quotas {
    private Quotas() {}

    /** Shares evenly. */
    static long[] equal(long memory, long[] stored) {
        return filled(
                memory,
                stored,
                LongStream.generate(() -> memory / Math.max(1, stored.length))
                        .limit(stored.length)
                        .toArray());
    }

    /** Gives half of the memory to the newest step, a quarter to the one before it, and so on. */
    static long[] exponential(long memory, long[] stored) {
        long[] quotas = new long[stored.length];
        for (int k = 0; k < quotas.length; k++) {
            quotas[k] = k < Long.SIZE - 2 ? memory >> (k + 1) : 0;
        }
        return filled(memory, stored, quotas);
    }

    private static long[] filled(long memory, long[] stored, long[] wanted) {
        long[] quotas = wanted.clone();
        Arrays.setAll(quotas, k -> Math.min(wanted[k], stored[k]));
        long left = memory - LongStream.of(quotas).sum();
        while (left > 0) {
            long lowest = lowest(quotas, stored, Long.MIN_VALUE);
            if (lowest == Long.MAX_VALUE) {
                break;
            }
            left -= raised(quotas, stored, lowest, left);
        }
        return quotas;
    }

    /** Raises all of the lowest level together as far as the next one, a full step, or what is left allows. */
    private static long raised(long[] quotas, long[] stored, long lowest, long left) {
        int[] group = IntStream.range(0, quotas.length)
                .filter(k -> quotas[k] == lowest && quotas[k] < stored[k])
                .toArray();
        long ceiling = lowest(quotas, stored, lowest);
        for (int k : group) {
            ceiling = Math.min(ceiling, stored[k]);
        }
        long rise = Math.min(ceiling - lowest, left / group.length);
        if (rise == 0) {
            for (int i = 0; i < left; i++) {
                quotas[group[i]]++;
            }
            return left;
        }
        for (int k : group) {
            quotas[k] += rise;
        }
        return rise * group.length;
    }

    /** Returns the lowest quota above a level of the steps that have more. */
    private static long lowest(long[] quotas, long[] stored, long above) {
        long lowest = Long.MAX_VALUE;
        for (int k = 0; k < quotas.length; k++) {
            if (quotas[k] < stored[k] && quotas[k] > above) {
                lowest = Math.min(lowest, quotas[k]);
            }
        }
        return lowest;
    }
}
