package dev.perennial.judge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.perennial.run.Suggestion;
import java.util.Arrays;
import java.util.List;

/** The kinds of benchmarks; scores of two kinds never stand under one heading. */
public enum BenchmarkKind {
    /** Classification by class names alone. */
    ZERO_SHOT(
            "zero-shot", "Zero-shot classification", "Each image is classified among the class names of its data set."),
    /** Search in both directions. */
    RETRIEVAL(
            "retrieval",
            "Retrieval",
            "R@k of a caption's one image among all images, and of any of an image's captions among all captions of a"
                    + " language. Equal scores count by index."),
    /** CLIP-blind pairs. */
    MMVP_VLM(
            "mmvp-vlm",
            "MMVP-VLM",
            "Pairs of images that CLIP confuses (arXiv 2401.06209), by visual pattern. A pair counts if both statements choose their"
                    + " image; chance is 25. The rows called 'not in the benchmark' have no counterpart in its tables."),
    /** Multi-image questions. */
    MIRB(
            "mirb",
            "MIRB, contrastive protocol: not comparable with the MIRB leaderboard",
            "Only tasks with a closed set of answers that embeddings can choose from (arXiv 2406.12742); the others are not"
                    + " applicable, which is not zero. 'Majority' always gives the most frequent answer.");

    private final String label;
    private final String heading;
    private final String meaning;

    BenchmarkKind(String label, String heading, String meaning) {
        this.label = label;
        this.heading = heading;
        this.meaning = meaning;
    }

    /** Returns the name in configurations, such as {@code zero-shot}. */
    @JsonValue
    public String label() {
        return label;
    }

    /** Returns what its scores stand under. */
    public String heading() {
        return heading;
    }

    /** Returns how to read its scores. */
    public String meaning() {
        return meaning;
    }

    /** Returns the names of all kinds. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(BenchmarkKind::label).toList();
    }

    /**
     * Returns the kind of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    @JsonCreator
    public static BenchmarkKind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(Suggestion.unknown("kind of benchmark", label, labels())));
    }
}
