package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetrievalMetricTest {
    /** The example of CLL-CLIP's metrics: AR 38.67 and F 2 after three languages. */
    private static final ResultMatrix RECALL =
            ResultMatrix.square(List.of("en", "de", "fr"), new double[][] {{50, 0, 0}, {48, 40, 0}, {45, 41, 30}});

    @Test
    void averageRecallAndForgettingAreThoseOfTheFinalModel() {
        Map<String, Double> metrics = RetrievalMetric.of(Map.of("text to image R@1", RECALL));
        assertThat(metrics).containsOnlyKeys("textToImageRecall", "textToImageForgetting");
        assertThat(metrics.get("textToImageRecall")).isCloseTo(116 / 3.0, within(1e-9));
        assertThat(metrics).contains(entry("textToImageForgetting", 2.0));
    }

    @Test
    void whatIsNotSearchedHasNoRecall() {
        assertThat(RetrievalMetric.of(Map.of("top-5", RECALL))).isEmpty();
    }
}
