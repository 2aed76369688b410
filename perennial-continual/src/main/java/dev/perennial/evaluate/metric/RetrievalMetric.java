package dev.perennial.evaluate.metric;

import dev.perennial.evaluate.metric.MetricDefinition.Better;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Function;

/** The metrics of streams whose sets are searched, such as languages (CLL-CLIP, arXiv 2401.17186): R@1 in both directions. */
public enum RetrievalMetric {
    TEXT_TO_IMAGE_RECALL(
            Direction.TEXT_TO_IMAGE,
            RetrievalMetric::lastMean,
            new MetricDefinition(
                    "textToImageRecall",
                    "Text to image AR",
                    "%",
                    Better.HIGHER,
                    "mean over sets j of R@1[T][j], the share of captions whose image comes first",
                    "Average recall: how well the final model finds the image of a caption, over all languages (sets) alike.")),
    TEXT_TO_IMAGE_FORGETTING(
            Direction.TEXT_TO_IMAGE,
            RetrievalMetric::forgetting,
            new MetricDefinition(
                    "textToImageForgetting",
                    "Text to image forgetting",
                    "points",
                    Better.LOWER,
                    "mean over sets j before the last of max over l from j to T-1 of R@1[l][j], minus R@1[T][j]",
                    "Points of R@1 lost since the best moment after learning. Low forgetting is cheap where recall is low.")),
    IMAGE_TO_TEXT_RECALL(
            Direction.IMAGE_TO_TEXT,
            RetrievalMetric::lastMean,
            new MetricDefinition(
                    "imageToTextRecall",
                    "Image to text AR",
                    "%",
                    Better.HIGHER,
                    "mean over sets j of R@1[T][j], the share of images for which one of their captions comes first",
                    "Average recall in the other direction.")),
    IMAGE_TO_TEXT_FORGETTING(
            Direction.IMAGE_TO_TEXT,
            RetrievalMetric::forgetting,
            new MetricDefinition(
                    "imageToTextForgetting",
                    "Image to text forgetting",
                    "points",
                    Better.LOWER,
                    "as text to image, with images that look for captions",
                    "Forgetting in the other direction."));

    /** What a set's metric is called in this direction, without its k. */
    public static final String TEXT_TO_IMAGE = "text to image R@";

    /** What a set's metric is called in the other direction, without its k. */
    public static final String IMAGE_TO_TEXT = "image to text R@";

    private final Direction direction;
    private final Function<ResultMatrix, OptionalDouble> function;
    private final MetricDefinition definition;

    private enum Direction {
        TEXT_TO_IMAGE,
        IMAGE_TO_TEXT;

        String title() {
            return (this == TEXT_TO_IMAGE ? RetrievalMetric.TEXT_TO_IMAGE : RetrievalMetric.IMAGE_TO_TEXT) + 1;
        }
    }

    RetrievalMetric(Direction direction, Function<ResultMatrix, OptionalDouble> function, MetricDefinition definition) {
        this.direction = direction;
        this.function = function;
        this.definition = definition;
    }

    /** Returns the name, unit, formula and reading guide. */
    public MetricDefinition definition() {
        return definition;
    }

    /**
     * Returns the metrics that are defined, by key; none where nothing is searched.
     *
     * @param further matrices of further metrics by title, such as {@code text to image R@1}
     */
    public static SequencedMap<String, Double> of(Map<String, ResultMatrix> further) {
        var values = new LinkedHashMap<String, Double>();
        for (RetrievalMetric metric : values()) {
            ResultMatrix recall = further.get(metric.direction.title());
            if (recall != null) {
                metric.function.apply(recall).ifPresent(value -> values.put(metric.definition.key(), value));
            }
        }
        return values;
    }

    private static OptionalDouble lastMean(ResultMatrix recall) {
        return ContinualMetrics.last(recall).mean();
    }

    private static OptionalDouble forgetting(ResultMatrix recall) {
        return ContinualMetrics.forgetting(recall).mean();
    }
}
