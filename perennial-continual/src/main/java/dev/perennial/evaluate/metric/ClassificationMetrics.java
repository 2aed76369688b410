package dev.perennial.evaluate.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Accuracy of a classifier over one label set, in percent.
 *
 * <p>MTIL uses top-1 everywhere; the CLIP paper (arXiv 2103.00020) and DataComp use the mean per-class recall for Aircraft,
 * Caltech101, Flowers and Pets.
 */
public final class ClassificationMetrics {
    private final long[] rankCounts;
    private final Map<Long, Integer> counts;

    ClassificationMetrics(long[] rankCounts, Map<Long, Integer> counts) {
        this.rankCounts = rankCounts;
        this.counts = counts;
    }

    /** Returns the number of classes. */
    public int classes() {
        return rankCounts.length - 1;
    }

    /** Returns the number of samples. */
    public long samples() {
        return Arrays.stream(rankCounts).sum();
    }

    /** Returns the share of samples whose true class is among the k best, or nothing without samples. */
    public OptionalDouble topK(int k) {
        long samples = samples();
        return samples == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        100.0 * Arrays.stream(rankCounts).limit(k + 1L).sum() / samples);
    }

    /** Returns the accuracy, that is {@code topK(1)}. */
    public OptionalDouble top1() {
        return topK(1);
    }

    /** Returns the share of the samples of a class that are classified as it, or nothing if it has no sample. */
    public OptionalDouble recall(int label) {
        long samples = IntStream.range(0, classes())
                .mapToLong(predicted -> count(label, predicted))
                .sum();
        return samples == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * count(label, label) / samples);
    }

    /** Returns the mean of the recalls of all classes that have samples, or nothing without samples. */
    public OptionalDouble meanPerClassRecall() {
        long[] samples = new long[classes()];
        counts.forEach((cell, count) -> samples[(int) (cell / classes())] += count);
        return IntStream.range(0, classes())
                .filter(label -> samples[label] > 0)
                .mapToDouble(label -> 100.0 * count(label, label) / samples[label])
                .average();
    }

    /** Returns the number of samples of a class that were classified as another (or the same). */
    public int count(int label, int predicted) {
        return counts.getOrDefault((long) label * classes() + predicted, 0);
    }

    /** Returns the wrong classifications, the most frequent first, then by class. */
    public List<Confusion> confusions() {
        return counts.entrySet().stream()
                .map(cell -> new Confusion(
                        (int) (cell.getKey() / classes()), (int) (cell.getKey() % classes()), cell.getValue()))
                .filter(cell -> cell.label() != cell.predicted())
                .sorted(Comparator.comparingInt(Confusion::count)
                        .reversed()
                        .thenComparingInt(Confusion::label)
                        .thenComparingInt(Confusion::predicted))
                .toList();
    }

    /**
     * How often one class was taken for another.
     *
     * @param label the true class
     * @param predicted the class it was taken for
     * @param count the number of samples
     */
    public record Confusion(int label, int predicted, int count) {}
}
