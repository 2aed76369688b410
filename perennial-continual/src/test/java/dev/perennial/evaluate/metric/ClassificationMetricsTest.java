package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.evaluate.metric.ClassificationMetrics.Confusion;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {
    @Test
    void rareClassesWeighAsMuchInTheMeanPerClassRecall() {
        var tally = new ClassificationTally(3);
        for (int i = 0; i < 8; i++) {
            tally.add(new float[] {2, 1, 0}, 0);
        }
        tally.add(new float[] {2, 1, 0}, 1);
        tally.add(new float[] {0, 1, 0}, 1);
        ClassificationMetrics metrics = tally.metrics();
        assertThat(metrics.samples()).isEqualTo(10);
        assertThat(metrics.top1()).hasValue(90);
        assertThat(metrics.topK(2)).hasValue(100);
        assertThat(metrics.meanPerClassRecall()).hasValue(75);
        assertThat(metrics.recall(1)).hasValue(50);
        assertThat(metrics.recall(2)).isEmpty();
        assertThat(metrics.count(1, 0)).isEqualTo(1);
        assertThat(metrics.confusions()).containsExactly(new Confusion(1, 0, 1));
    }

    @Test
    void equalScoresAreOrderedByClassSoConstantScoresAreNotPerfect() {
        var tally = new ClassificationTally(4);
        tally.add(new float[4], 0);
        tally.add(new float[4], 3);
        assertThat(tally.metrics().top1()).hasValue(50);
        assertThat(tally.metrics().topK(3)).hasValue(50);
        assertThat(tally.metrics().topK(4)).hasValue(100);
    }

    @Test
    void nothingIsReportedWithoutSamples() {
        ClassificationMetrics metrics = new ClassificationTally(2).metrics();
        assertThat(metrics.top1()).isEmpty();
        assertThat(metrics.meanPerClassRecall()).isEmpty();
    }

    @Test
    void wrongInputIsNamed() {
        var tally = new ClassificationTally(2);
        assertThatThrownBy(() -> tally.add(new float[3], 0)).hasMessageContaining("3 scores");
        assertThatThrownBy(() -> tally.add(new float[2], 2)).hasMessageContaining("class 2");
        assertThatThrownBy(() -> tally.add(new float[] {0, Float.NaN}, 0)).hasMessageContaining("class 1");
        assertThatThrownBy(() -> new ClassificationTally(0)).hasMessageContaining("at least one class");
    }

    @Property(tries = 100)
    void topKGrowsAndTheRecallsExplainTheAccuracy(
            @ForAll @IntRange(min = 1, max = 9) int classes,
            @ForAll @IntRange(min = 1, max = 60) int samples,
            @ForAll long seed) {
        var random = new Random(seed);
        var tally = new ClassificationTally(classes);
        int[] perClass = new int[classes];
        for (int i = 0; i < samples; i++) {
            float[] scores = new float[classes];
            for (int c = 0; c < classes; c++) {
                scores[c] = random.nextInt(4);
            }
            int label = random.nextInt(classes);
            perClass[label]++;
            tally.add(scores, label);
        }
        ClassificationMetrics metrics = tally.metrics();
        for (int k = 1; k < classes; k++) {
            assertThat(metrics.topK(k + 1).orElseThrow())
                    .isGreaterThanOrEqualTo(metrics.topK(k).orElseThrow());
        }
        assertThat(metrics.topK(classes)).hasValue(100);
        double weighted = 0;
        for (int c = 0; c < classes; c++) {
            weighted += metrics.recall(c).orElse(0) * perClass[c] / samples;
        }
        assertThat(metrics.top1().orElseThrow()).isCloseTo(weighted, within(1e-9));
    }
}
