package dev.perennial.evaluate.metric;

import java.util.HashMap;
import java.util.Map;

/** Collects classified samples one by one, and gives their {@link ClassificationMetrics}. */
public final class ClassificationTally {
    private final long[] rankCounts;
    /** Counts by true class and predicted class; sparse, because pooled label sets have thousands of classes. */
    private final Map<Long, Integer> counts = new HashMap<>();

    /** Starts with no sample. */
    public ClassificationTally(int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("classification needs at least one class, got " + classes);
        }
        this.rankCounts = new long[classes + 1];
    }

    /**
     * Adds one sample.
     *
     * @param scores the score of each class; equal scores are ordered by class, lower first
     * @param label the true class
     * @throws IllegalArgumentException if the sizes do not fit or a score is not a number
     */
    public void add(float[] scores, int label) {
        if (scores.length != classes() || label < 0 || label >= classes()) {
            throw new IllegalArgumentException(
                    scores.length + " scores and class " + label + " for a label set of " + classes() + " classes");
        }
        int rank = 1;
        int predicted = 0;
        for (int c = 0; c < scores.length; c++) {
            if (Float.isNaN(scores[c])) {
                throw new IllegalArgumentException("the score of class " + c + " is not a number");
            }
            predicted = scores[c] > scores[predicted] ? c : predicted;
            rank += scores[c] > scores[label] || (scores[c] == scores[label] && c < label) ? 1 : 0;
        }
        rankCounts[rank]++;
        counts.merge((long) label * classes() + predicted, 1, Integer::sum);
    }

    /** Returns the metrics of the samples so far. */
    public ClassificationMetrics metrics() {
        return new ClassificationMetrics(rankCounts.clone(), Map.copyOf(counts));
    }

    private int classes() {
        return rankCounts.length - 1;
    }
}
