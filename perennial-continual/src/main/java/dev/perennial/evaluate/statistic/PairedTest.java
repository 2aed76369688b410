package dev.perennial.evaluate.statistic;

import java.util.Arrays;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;

/**
 * Whether two models differ on the same samples.
 *
 * @param difference the score of the first less that of the second, in points
 * @param interval its 95 % interval by the paired bootstrap over clusters
 * @param firstOnly samples that only the first got right
 * @param secondOnly samples that only the second got right
 * @param pValue of no difference, two-sided: McNemar's exact test where samples are independent, else by the bootstrap
 */
public record PairedTest(double difference, Interval interval, int firstOnly, int secondOnly, double pValue) {
    /**
     * Compares two models.
     *
     * @throws IllegalArgumentException if they were not judged on the same samples
     */
    public static PairedTest of(Outcomes first, Outcomes second) {
        if (first.size() != second.size() || !first.clusters().equals(second.clusters())) {
            throw new IllegalArgumentException("a paired test needs the same samples, not " + first.size() + " and "
                    + second.size() + " or other clusters");
        }
        int firstOnly = 0;
        int secondOnly = 0;
        for (int i = 0; i < first.size(); i++) {
            int difference = first.right().charAt(i) - second.right().charAt(i);
            firstOnly += difference > 0 ? 1 : 0;
            secondOnly += difference < 0 ? 1 : 0;
        }
        double[] differences = Interval.resampled(first, differences(first, second));
        return new PairedTest(
                100.0 * (firstOnly - secondOnly) / first.size(),
                Interval.percentiles(differences),
                firstOnly,
                secondOnly,
                first.independent() ? mcNemar(firstOnly, secondOnly) : bootstrap(differences));
    }

    /** Returns for each cluster how many more the first got right. */
    static int[] differences(Outcomes first, Outcomes second) {
        int[] sums = first.rightByCluster();
        int[] others = second.rightByCluster();
        Arrays.setAll(sums, cluster -> sums[cluster] - others[cluster]);
        return sums;
    }

    private static double mcNemar(int firstOnly, int secondOnly) {
        int discordant = firstOnly + secondOnly;
        return discordant == 0
                ? 1
                : BinomialTest.withDefaults()
                        .with(AlternativeHypothesis.TWO_SIDED)
                        .test(discordant, firstOnly, 0.5)
                        .getPValue();
    }

    /** Twice the smaller tail beyond zero; never zero, since resamples are few. */
    static double bootstrap(double[] differences) {
        long below = Arrays.stream(differences).filter(value -> value <= 0).count();
        long above = Arrays.stream(differences).filter(value -> value >= 0).count();
        return Math.min(1, 2.0 * (Math.min(below, above) + 1) / (differences.length + 1));
    }
}
