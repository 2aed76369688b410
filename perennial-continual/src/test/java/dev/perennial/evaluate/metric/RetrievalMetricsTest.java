package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RetrievalMetricsTest {
    @Test
    void anImageCountsOnceIfAnyOfItsCaptionsIsNear() {
        // Texts 0 and 1 describe image 0, text 2 image 1; rows are texts.
        float[] scores = {0.9f, 0.1f, 0.2f, 0.8f, 0.3f, 0.6f};
        var metrics = of(2, new int[] {0, 0, 1}, scores);
        assertThat(metrics.textToImage().ranks()).containsExactly(1, 2, 1);
        assertThat(metrics.imageToText().ranks()).containsExactly(1, 2);
        assertThat(metrics.textToImage().recallAt(1)).isEqualTo(66.667, within(1e-3));
        assertThat(metrics.imageToText().recallAt(1)).isEqualTo(50);
        assertThat(metrics.recallSum(1, 2)).isEqualTo(100 * (2 / 3.0 + 0.5 + 2), within(1e-9));
        assertThat(metrics.meanRecall(1, 2)).isEqualTo(25 * (2 / 3.0 + 0.5 + 2), within(1e-9));
        assertThat(metrics.imageToText().medianRank()).isEqualTo(1);
        assertThat(metrics.imageToText().meanRank()).isEqualTo(1.5);
    }

    @Test
    void equalScoresAreOrderedByIndexSoConstantScoresAreNotPerfect() {
        var metrics = of(3, new int[] {0, 1, 2}, new float[9]);
        assertThat(metrics.textToImage().ranks()).containsExactly(1, 2, 3);
        assertThat(metrics.imageToText().ranks()).containsExactly(1, 2, 3);
    }

    @Test
    void anImageWithoutCaptionIsADistractor() {
        var metrics = of(2, new int[] {1}, new float[] {0.9f, 0.1f});
        assertThat(metrics.textToImage().ranks()).containsExactly(2);
        assertThat(metrics.imageToText().ranks()).containsExactly(1);
    }

    @Test
    void wrongInputIsNamed() {
        assertThatThrownBy(() -> of(2, new int[] {2}, new float[2]))
                .hasMessageContaining("text 0 describes image 2 of 2");
        assertThatThrownBy(() -> of(2, new int[] {0}, new float[] {Float.NaN, 0}))
                .hasMessageContaining("text 0 to image 0");
        assertThatThrownBy(() -> of(2, new int[] {}, new float[] {})).hasMessageContaining("at least one query");
        float[][] images = {{1, 0}};
        assertThatThrownBy(() -> RetrievalMetrics.ofFeatures(images, new float[][] {{1}}, new int[] {0}))
                .hasMessageContaining("text 0 has 1 features");
        assertThatThrownBy(() -> RetrievalMetrics.ofFeatures(images, images, new int[] {0, 0}))
                .hasMessageContaining("got 2");
    }

    private static RetrievalMetrics of(int images, int[] imageOfText, float[] scores) {
        return RetrievalMetrics.ofScores(
                images,
                imageOfText,
                (from, to) -> MemorySegment.ofArray(Arrays.copyOfRange(scores, from * images, to * images)));
    }
}
