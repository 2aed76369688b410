package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ContinualMetricsPropertyTest {
    @Property(tries = 200)
    void perfectMemoryForgetsNothing(@ForAll @IntRange(min = 2, max = 8) int tasks, @ForAll long seed) {
        double[][] cells = cells(tasks, seed);
        for (int row = 1; row < tasks; row++) {
            System.arraycopy(cells[row - 1], 0, cells[row], 0, row);
        }
        ResultMatrix matrix = ResultMatrix.square(names(tasks), cells);
        assertThat(ContinualMetrics.forgetting(matrix).mean()).hasValue(0);
        assertThat(ContinualMetrics.backwardTransfer(matrix).mean()).hasValue(0);
        assertThat(ContinualMetrics.last(matrix)).isEqualTo(ContinualMetrics.learn(matrix));
    }

    @Property(tries = 200)
    void aModelThatNeverChangesKeepsItsZeroShotAbility(
            @ForAll @IntRange(min = 2, max = 8) int tasks, @ForAll long seed) {
        double[] zeroShot =
                Arrays.stream(cells(tasks, seed)[0]).map(x -> 1 + 0.99 * x).toArray();
        var builder = ResultMatrix.builder(names(tasks), names(tasks)).zeroShot(zeroShot);
        names(tasks).forEach(name -> builder.after(name, zeroShot));
        ResultMatrix matrix = builder.build();
        near(ContinualMetrics.zeroShotRetention(matrix), 100);
        near(ContinualMetrics.forwardTransfer(matrix), 0);
        near(ContinualMetrics.forgetting(matrix), 0);
    }

    @Property(tries = 200)
    void theOrderOfTheColumnsChangesNoMean(@ForAll @IntRange(min = 1, max = 8) int tasks, @ForAll long seed) {
        double[][] cells = cells(tasks, seed);
        List<String> shuffled = new ArrayList<>(names(tasks));
        Collections.shuffle(shuffled, new Random(seed));
        var plain = ResultMatrix.builder(names(tasks), names(tasks)).zeroShot(cells[tasks - 1]);
        var permuted = ResultMatrix.builder(names(tasks), shuffled).zeroShot(permute(cells[tasks - 1], shuffled));
        for (int row = 0; row < tasks; row++) {
            plain.after(names(tasks).get(row), cells[row]);
            permuted.after(names(tasks).get(row), permute(cells[row], shuffled));
        }
        var expected = ContinualMetric.means(plain.build());
        var actual = ContinualMetric.means(permuted.build());
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((metric, mean) -> assertThat(actual.get(metric)).isCloseTo(mean, within(1e-9)));
    }

    @Property(tries = 200)
    void backwardTransferIsLastMinusLearnAndForgettingIsAtLeastItsOpposite(
            @ForAll @IntRange(min = 2, max = 8) int tasks, @ForAll long seed) {
        ResultMatrix matrix = ResultMatrix.square(names(tasks), cells(tasks, seed));
        double backward = ContinualMetrics.backwardTransfer(matrix).mean().orElseThrow();
        double last = ContinualMetrics.last(matrix).mean().orElseThrow();
        double learn = ContinualMetrics.learn(matrix).mean().orElseThrow();
        assertThat(backward).isCloseTo(last - learn, within(1e-9));
        assertThat(ContinualMetrics.forgetting(matrix).mean().orElseThrow())
                .isGreaterThanOrEqualTo(-backward * tasks / (tasks - 1) - 1e-9);
    }

    private static void near(PerDataSet metric, double expected) {
        assertThat(metric.values()).isNotEmpty();
        assertThat(metric.values().sequencedValues())
                .allSatisfy(value -> assertThat(value).isCloseTo(expected, within(1e-9)));
    }

    private static List<String> names(int tasks) {
        return IntStream.range(0, tasks).mapToObj(i -> "task " + i).toList();
    }

    private static double[][] cells(int tasks, long seed) {
        var random = new Random(seed);
        return IntStream.range(0, tasks)
                .mapToObj(row -> random.doubles(tasks, 0, 100).toArray())
                .toArray(double[][]::new);
    }

    private static double[] permute(double[] row, List<String> order) {
        return order.stream()
                .mapToDouble(name -> row[names(row.length).indexOf(name)])
                .toArray();
    }
}
