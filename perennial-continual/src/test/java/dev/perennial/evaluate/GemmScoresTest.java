package dev.perennial.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.evaluate.metric.RetrievalMetrics;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GemmScoresTest {
    @Test
    void ranksAreThoseOfTheSlowWayAndNothingNativeIsLeft() {
        var random = new Random(7);
        // Whole numbers, so that sums are exact in any order and equal scores are equal.
        float[][] images = rows(random, 1500, 6);
        float[][] texts = rows(random, 2300, 6);
        int[] own = IntStream.range(0, texts.length)
                .map(text -> text % images.length)
                .toArray();
        long live = TensorScope.liveObjects();
        RetrievalMetrics fast;
        try (var scores = new GemmScores(images, texts)) {
            fast = RetrievalMetrics.ofScores(images.length, own, scores);
        }
        assertThat(TensorScope.liveObjects()).isEqualTo(live);
        RetrievalMetrics slow = RetrievalMetrics.ofFeatures(images, texts, own);
        assertThat(fast.textToImage().ranks().toArray())
                .isEqualTo(slow.textToImage().ranks().toArray());
        assertThat(fast.imageToText().ranks().toArray())
                .isEqualTo(slow.imageToText().ranks().toArray());
    }

    @Test
    void featuresOfDifferentWidthAreRefused() {
        assertThatThrownBy(() -> new GemmScores(new float[][] {{1, 2}, {1}}, new float[][] {{1, 2}}))
                .hasMessageContaining("feature 1 has 1 numbers");
    }

    private static float[][] rows(Random random, int count, int width) {
        float[][] rows = new float[count][width];
        for (float[] row : rows) {
            for (int d = 0; d < width; d++) {
                row[d] = random.nextInt(-3, 4);
            }
        }
        return rows;
    }
}
