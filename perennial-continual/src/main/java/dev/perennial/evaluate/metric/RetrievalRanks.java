package dev.perennial.evaluate.metric;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The rank of the first right answer to each query of one retrieval direction; 1 is the top. */
public final class RetrievalRanks {
    private final int[] ranks;

    RetrievalRanks(int[] ranks) {
        if (ranks.length == 0) {
            throw new IllegalArgumentException("retrieval needs at least one query with a right answer");
        }
        this.ranks = ranks;
    }

    /** Returns the number of queries. */
    public int queries() {
        return ranks.length;
    }

    /** Returns the rank of each query, from 1. */
    public IntStream ranks() {
        return Arrays.stream(ranks);
    }

    /** Returns R@k: the share of queries with a right answer among the first k, in percent. */
    public double recallAt(int k) {
        return 100.0 * ranks().filter(rank -> rank <= k).count() / ranks.length;
    }

    /** Returns the mean rank. */
    public double meanRank() {
        return ranks().average().orElseThrow();
    }

    /** Returns the median rank, rounded down between the two middle ones as in open_clip. */
    public int medianRank() {
        int[] sorted = ranks().sorted().toArray();
        int upper = sorted[sorted.length / 2];
        int lower = sorted[(sorted.length - 1) / 2];
        return Math.floorDiv(lower + upper, 2);
    }
}
