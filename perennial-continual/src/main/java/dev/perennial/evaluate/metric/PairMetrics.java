package dev.perennial.evaluate.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Pair accuracy on CLIP-blind pairs (MMVP-VLM, arXiv 2401.06209), in percent; chance is 25.
 *
 * <p>The first two are the benchmark's own. The others are extras in the manner of Winoground (arXiv 2204.03162) and are not in its
 * tables.
 *
 * @param patterns for each visual pattern, the share of its pairs in which both statements choose their image
 * @param average the mean of the patterns
 * @param questionAccuracy the share of single statements that choose their image (chance 50)
 * @param imageToText the share of pairs in which both images prefer their own statement
 * @param group the share of pairs that are right in both directions
 */
public record PairMetrics(
        SequencedMap<String, Double> patterns,
        double average,
        double questionAccuracy,
        double imageToText,
        double group) {
    /** Keeps a copy of the patterns in their order. */
    public PairMetrics {
        patterns = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(patterns));
    }

    /**
     * Returns the metrics of pairs; patterns come in the order in which they first occur.
     *
     * @throws IllegalArgumentException if there is no pair
     */
    public static PairMetrics of(List<ScoredPair> pairs) {
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("pair metrics need at least one pair");
        }
        LinkedHashMap<String, Double> patterns = pairs.stream()
                .collect(Collectors.groupingBy(
                        ScoredPair::pattern,
                        LinkedHashMap::new,
                        Collectors.averagingDouble(pair -> pair.textToImageRight() ? 100 : 0)));
        return new PairMetrics(
                patterns,
                patterns.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow(),
                mean(pairs, pair -> 50.0 * pair.rightStatements()),
                mean(pairs, pair -> pair.imageToTextRight() ? 100 : 0),
                mean(pairs, pair -> pair.textToImageRight() && pair.imageToTextRight() ? 100 : 0));
    }

    private static double mean(List<ScoredPair> pairs, ToDoubleFunction<ScoredPair> value) {
        return pairs.stream().mapToDouble(value).average().orElseThrow();
    }
}
