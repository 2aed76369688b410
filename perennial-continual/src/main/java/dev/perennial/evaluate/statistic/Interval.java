package dev.perennial.evaluate.statistic;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * A 95 % confidence interval of a score in percent, or of a difference in points.
 *
 * @param low the lower end
 * @param high the upper end
 */
public record Interval(double low, double high) {
    /** Samples from which the bootstrap takes the place of Wilson's interval, which is better for few. */
    static final int BOOTSTRAP_FROM = 200;

    private static final int RESAMPLES = 2000;
    private static final long SEED = 20_260_101;
    private static final double ALPHA = 0.05;

    /**
     * Returns the interval of a share: Wilson's score interval for fewer than {@value #BOOTSTRAP_FROM} independent samples, else the
     * percentile bootstrap over clusters (Efron and Tibshirani 1993), with a fixed seed.
     */
    public static Interval of(Outcomes outcomes) {
        if (outcomes.independent() && outcomes.size() < BOOTSTRAP_FROM) {
            var wilson =
                    BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(outcomes.size(), outcomes.count(), ALPHA);
            return new Interval(100 * wilson.getLowerBound(), 100 * wilson.getUpperBound());
        }
        return percentiles(resampled(outcomes, outcomes.rightByCluster()));
    }

    /**
     * Returns means of resampled clusters in percent, sorted.
     *
     * @param sums what each cluster adds up to
     */
    static double[] resampled(Outcomes outcomes, int[] sums) {
        double[] means = draws(outcomes, sums, SEED);
        Arrays.sort(means);
        return means;
    }

    /** Returns means of resampled clusters in percent, in the order of the draws. */
    static double[] draws(Outcomes outcomes, int[] sums, long seed) {
        var random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        int[] sizes = new int[sums.length];
        Arrays.setAll(sizes, outcomes::size);
        for (int r = 0; r < RESAMPLES; r++) {
            long sum = 0;
            long size = 0;
            for (int draw = 0; draw < sums.length; draw++) {
                int cluster = random.nextInt(sums.length);
                sum += sums[cluster];
                size += sizes[cluster];
            }
            means[r] = 100.0 * sum / size;
        }
        return means;
    }

    static Interval percentiles(double[] sorted) {
        int cut = (int) Math.round(ALPHA / 2 * sorted.length);
        return new Interval(sorted[cut], sorted[sorted.length - 1 - cut]);
    }
}
