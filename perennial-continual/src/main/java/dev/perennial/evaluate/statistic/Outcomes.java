package dev.perennial.evaluate.statistic;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which samples of a benchmark a model got right.
 *
 * @param right a {@code 1} or {@code 0} for each sample, in order
 * @param clusters sizes of groups of samples that are not independent, such as the captions of one image, in order; empty if each
 *     sample stands alone
 */
public record Outcomes(String right, List<Integer> clusters) {
    /** Keeps a copy and checks that the clusters cover the samples. */
    public Outcomes {
        clusters = List.copyOf(clusters);
        if (!right.matches("[01]+")) {
            throw new IllegalArgumentException("outcomes are at least one 0 or 1");
        }
        int covered = clusters.stream().mapToInt(Integer::intValue).sum();
        if (!clusters.isEmpty()
                && (covered != right.length() || clusters.stream().anyMatch(size -> size < 1))) {
            throw new IllegalArgumentException(
                    "clusters of " + covered + " samples over " + right.length() + " outcomes");
        }
    }

    /** Collects independent samples. */
    public static Outcomes of(IntStream oneIfRight) {
        return of(oneIfRight, List.of());
    }

    /** Collects samples in clusters. */
    public static Outcomes of(IntStream oneIfRight, List<Integer> clusters) {
        var text = new StringBuilder();
        oneIfRight.forEach(text::append);
        return new Outcomes(text.toString(), clusters);
    }

    /** Returns the outcomes of several sets one after the other. */
    public static Outcomes concat(List<Outcomes> parts) {
        List<Integer> clusters = new ArrayList<>();
        if (!parts.stream().allMatch(Outcomes::independent)) {
            parts.forEach(part ->
                    IntStream.range(0, part.clusterCount()).forEach(cluster -> clusters.add(part.size(cluster))));
        }
        return new Outcomes(parts.stream().map(Outcomes::right).collect(Collectors.joining()), clusters);
    }

    /** Returns the number of samples. */
    public int size() {
        return right.length();
    }

    /** Returns the number of right samples. */
    public int count() {
        return (int) right.chars().filter(c -> c == '1').count();
    }

    /** Returns the share of right samples in percent. */
    public double percent() {
        return 100.0 * count() / size();
    }

    /** Returns whether each sample stands alone. */
    public boolean independent() {
        return clusters.isEmpty();
    }

    /** Returns the number of right samples of each cluster. */
    int[] rightByCluster() {
        int[] counts = new int[clusterCount()];
        int at = 0;
        for (int c = 0; c < counts.length; c++) {
            int end = at + size(c);
            for (; at < end; at++) {
                counts[c] += right.charAt(at) == '1' ? 1 : 0;
            }
        }
        return counts;
    }

    int clusterCount() {
        return independent() ? size() : clusters.size();
    }

    int size(int cluster) {
        return independent() ? 1 : clusters.get(cluster);
    }
}
