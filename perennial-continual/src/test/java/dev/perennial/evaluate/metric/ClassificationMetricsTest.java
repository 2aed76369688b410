package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.evaluate.metric.ClassificationMetrics.Confusion;
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
}
