package dev.perennial.evaluate.statistic;

import java.util.Arrays;

/**
 * Whether two models differ more on some samples than on others, such as new and old ones: a difference of differences.
 *
 * @param gap the difference of the models on the first samples less that on the second ones, in points
 * @param interval its 95 % interval by the paired bootstrap, both groups of samples drawn for themselves
 * @param pValue of no gap, two-sided, by the same bootstrap
 */
public record GapTest(double gap, Interval interval, double pValue) {
    private static final long SEED = 20_260_102;

    /**
     * Two models on the same samples.
     *
     * @param first outcomes of the first model
     * @param second those of the second on the same samples
     */
    public record Pair(Outcomes first, Outcomes second) {
        private double difference() {
            return PairedTest.of(first, second).difference();
        }

        private double[] draws(long seed) {
            return Interval.draws(first, PairedTest.differences(first, second), seed);
        }
    }

    /** Compares the differences on two groups of samples. */
    public static GapTest of(Pair on, Pair other) {
        double[] gaps = on.draws(SEED);
        double[] others = other.draws(SEED + 1);
        Arrays.setAll(gaps, draw -> gaps[draw] - others[draw]);
        Arrays.sort(gaps);
        return new GapTest(
                on.difference() - other.difference(), Interval.percentiles(gaps), PairedTest.bootstrap(gaps));
    }
}
