package dev.perennial.evaluate.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Continual language learning (CLL-CLIP, arXiv 2401.17186) over S[t][j], the recall of language j after task t, in percent.
 *
 * @param averageRecall AR: for each task, the mean recall of the languages so far
 * @param forgetting F: for each task from the second, the mean over earlier languages of the best earlier recall minus the present
 * @param firstLanguageForgetting Fen: the same for the first language alone, which is English
 */
public record LanguageMetrics(
        List<Double> averageRecall, List<Double> forgetting, List<Double> firstLanguageForgetting) {
    /** Keeps copies. */
    public LanguageMetrics {
        averageRecall = List.copyOf(averageRecall);
        forgetting = List.copyOf(forgetting);
        firstLanguageForgetting = List.copyOf(firstLanguageForgetting);
    }

    /**
     * Returns the metrics of a table.
     *
     * @param recall {@code [tasks, languages]} in percent; row t needs columns 0 to t, what is right of them is not read
     * @throws IllegalArgumentException if the table is empty or a row too short
     */
    public static LanguageMetrics of(double[][] recall) {
        if (recall.length == 0) {
            throw new IllegalArgumentException("language metrics need the recall after at least one task");
        }
        var average = new ArrayList<Double>();
        var forgetting = new ArrayList<Double>();
        var first = new ArrayList<Double>();
        for (int t = 0; t < recall.length; t++) {
            int task = t;
            if (recall[t].length <= t) {
                throw new IllegalArgumentException("row " + t + " has " + recall[t].length
                        + " languages; it needs the recall of the " + (t + 1) + " languages so far");
            }
            average.add(IntStream.rangeClosed(0, t)
                    .mapToDouble(j -> recall[task][j])
                    .average()
                    .orElseThrow());
            if (t > 0) {
                double[] lost = IntStream.range(0, t)
                        .mapToDouble(j -> best(recall, task, j) - recall[task][j])
                        .toArray();
                forgetting.add(IntStream.range(0, t)
                        .mapToDouble(j -> lost[j])
                        .average()
                        .orElseThrow());
                first.add(lost[0]);
            }
        }
        return new LanguageMetrics(average, forgetting, first);
    }

    /** Returns the metrics of a matrix in which each experience teaches one language. */
    public static LanguageMetrics of(ResultMatrix matrix) {
        return of(matrix.square());
    }

    /** The best recall of a language before a task, from the task that taught it. */
    private static double best(double[][] recall, int task, int language) {
        return IntStream.range(language, task)
                .mapToDouble(t -> recall[t][language])
                .max()
                .orElseThrow();
    }
}
