package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class IncrementalMetricTest {
    private static final double NOT_MEASURED = Double.NaN;

    @Test
    void cellsWeighAsMuchAsTheyHaveImages() {
        ResultMatrix matrix = ResultMatrix.builder(List.of("a", "b"), List.of("a", "b", "control"))
                .after("a", 80, 10, 50)
                .after("b", 60, 90, 0)
                .build();
        // 80, then (60 * 100 + 90 * 300) / 400.
        var metrics = IncrementalMetric.of(matrix, List.of(100L, 300L, 5000L));
        assertThat(metrics.get("incrementalLast")).isCloseTo(82.5, within(1e-9));
        assertThat(metrics.get("incrementalAverage")).isCloseTo(81.25, within(1e-9));
    }

    @Test
    void rowsThatWereNotMeasuredAreLeftOut() {
        ResultMatrix matrix = ResultMatrix.builder(List.of("a", "b"), List.of("a", "b"))
                .after("a", 80, NOT_MEASURED)
                .build();
        assertThat(IncrementalMetric.of(matrix, List.of(1L, 1L)))
                .containsEntry("incrementalLast", 80.0)
                .containsEntry("incrementalAverage", 80.0);
        ResultMatrix nothing =
                ResultMatrix.builder(List.of("a"), List.of("a")).zeroShot(50).build();
        assertThat(IncrementalMetric.of(nothing, List.of(1L))).isEmpty();
    }

    @Test
    void equalGroupsGiveTheMeanOfTheirCells() {
        ResultMatrix matrix =
                ResultMatrix.square(List.of("a", "b", "c"), new double[][] {{90, 1, 1}, {70, 80, 1}, {50, 60, 70}});
        var metrics = ClassIncrementMetrics.of(matrix, List.of(10L, 10L, 10L)).orElseThrow();
        assertThat(metrics.accuracies())
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : 1)
                .containsExactly(90.0, 75.0, 60.0);
        assertThat(metrics.perTask()).containsExactly(List.of(90.0), List.of(70.0, 80.0), List.of(50.0, 60.0, 70.0));
    }
}
