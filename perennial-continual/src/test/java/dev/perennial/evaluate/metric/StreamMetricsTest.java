package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StreamMetricsTest {
    @Test
    void classIncrementsPoolTheImagesOfAllSeenClasses() {
        int[] labels = {0, 1, 1, 1, 2, 2};
        var metrics = ClassIncrementMetrics.of(
                new int[] {2, 1}, labels, List.of(new int[] {0, 1, 0, 1, -1, -1}, new int[] {0, 1, 2, 2, 2, 2}));
        assertThat(metrics.accuracies()).containsExactly(75.0, 100 * 4 / 6.0);
        assertThat(metrics.perTask()).containsExactly(List.of(75.0), List.of(50.0, 100.0));
        assertThat(metrics.last()).isEqualTo(66.6667, within(1e-3));
        assertThat(metrics.average()).isEqualTo(70.8333, within(1e-3));
    }

    @Test
    void aMissingPredictionOfASeenClassIsNotCountedAsWrongButRefused() {
        assertThatThrownBy(
                        () -> ClassIncrementMetrics.of(new int[] {1, 1}, new int[] {0, 1}, List.of(new int[] {-1, -1})))
                .hasMessageContaining("image 0 of the seen class 0 has no prediction after task 0");
        assertThatThrownBy(() -> ClassIncrementMetrics.of(new int[] {1, 1}, new int[] {1}, List.of(new int[] {0})))
                .hasMessageContaining("task 0 has no test image");
    }

    @Test
    void onlineForgettingLeavesOutClassesThatWereNeverRight() {
        double[][] classes = {{80, 0, 0}, {60, 50, 0}, {50, 55, 90}};
        var metrics = OnlineMetrics.of(new double[] {50, 60, 70}, new double[] {80, 55, 65}, classes);
        assertThat(metrics.areaUnderCurve()).isEqualTo(60);
        assertThat(metrics.average()).isEqualTo(200 / 3.0, within(1e-12));
        assertThat(metrics.last()).isEqualTo(65);
        assertThat(metrics.lastForgetting()).hasValue((30 - 5) / 2.0);
        assertThat(OnlineMetrics.lastForgetting(new double[][] {{90}})).isEmpty();
    }

    @Test
    void timeMetricsAreMeansOfTheThreePartsOfTheMatrix() {
        var metrics = TimeMetrics.of(new double[][] {{30, 20, 10}, {28, 35, 18}, {25, 33, 40}});
        assertThat(metrics.inDomain()).isEqualTo(35);
        assertThat(metrics.backward()).isEqualTo(28.6667, within(1e-4));
        assertThat(metrics.forward()).isEqualTo(16);
    }

    @Test
    void timeMetricsNeedEveryCell() {
        assertThatThrownBy(() -> TimeMetrics.of(new double[][] {{1, Double.NaN}, {2, 3}}))
                .hasMessageContaining("not measured");
        assertThatThrownBy(() -> TimeMetrics.of(new double[][] {{1}})).hasMessageContaining("two steps");
        assertThatThrownBy(() -> TimeMetrics.of(new double[][] {{1, 2}, {3}})).hasMessageContaining("row 1");
    }

    @Test
    void languageMetricsOfThreeLanguages() {
        var metrics = LanguageMetrics.of(new double[][] {{50}, {48, 40}, {45, 41, 30}});
        assertThat(metrics.averageRecall().get(2)).isEqualTo(38.6667, within(1e-4));
        assertThat(metrics.averageRecall().subList(0, 2)).containsExactly(50.0, 44.0);
        assertThat(metrics.forgetting()).containsExactly(2.0, 2.0);
        assertThat(metrics.firstLanguageForgetting()).containsExactly(2.0, 5.0);
        assertThatThrownBy(() -> LanguageMetrics.of(new double[][] {{50}, {48}}))
                .hasMessageContaining("row 1 has 1 languages");
    }
}
