package dev.perennial.method.rail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegressionTest {
    private static final int DIM = 6;
    private static final int SAMPLES = 21;
    private static final int CLASSES = 5;

    static Stream<Named<Supplier<Regression>>> forms() {
        return Stream.of(
                Named.of("primal", () -> PrimalRidge.random(7, DIM, 30, 0.1)),
                Named.of("dual", () -> new DualRidge(0.1, 0.001)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void learningTaskAfterTaskGivesWhatAllDataAtOnceGive(Supplier<Regression> form) {
        try (var _ = new TensorScope();
                Regression stepwise = form.get();
                Regression atOnce = form.get()) {
            Tensor samples = rows(1, SAMPLES);
            long[] labels = IntStream.range(0, SAMPLES).mapToLong(i -> i / 5).toArray();
            atOnce.add(samples, labels);
            atOnce.solve(CLASSES);
            // Batches of unequal size, classes that come later, and solutions in between.
            for (int[] part : List.of(new int[] {0, 3}, new int[] {3, 10}, new int[] {10, 11}, new int[] {11, 21})) {
                stepwise.add(
                        samples.narrow(0, part[0], part[1] - part[0]), Arrays.copyOfRange(labels, part[0], part[1]));
                stepwise.solve(1 + (int) labels[part[1] - 1]);
            }
            assertThat(largestDifference(stepwise.scores(rows(2, 9)), atOnce.scores(rows(2, 9))))
                    .isLessThan(1e-9);
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aSampleIsRecognisedAsItsClass(Supplier<Regression> form) {
        try (var _ = new TensorScope();
                Regression regression = form.get()) {
            Tensor samples = rows(3, 8);
            long[] labels = {0, 1, 2, 3, 4, 0, 1, 2};
            regression.add(samples, labels);
            assertThat(regression.solved()).isZero();
            regression.solve(CLASSES);
            assertThat(regression.solved()).isEqualTo(CLASSES);
            float[][] scores = Tensors.toRows(regression.scores(samples));
            for (int i = 0; i < labels.length; i++) {
                for (int c = 0; c < CLASSES; c++) {
                    assertThat(scores[i][(int) labels[i]]).isGreaterThanOrEqualTo(scores[i][c]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatIsTakenInCountsOnceItIsSolvedAnew(Supplier<Regression> form) {
        try (var _ = new TensorScope();
                Regression regression = form.get()) {
            regression.add(rows(4, 4), new long[] {0, 1, 0, 1});
            regression.solve(2);
            float[] before = Tensors.toFloats(regression.scores(rows(5, 3)));
            regression.add(rows(6, 4), new long[] {2, 2, 2, 1});
            assertThat(Tensors.toFloats(regression.scores(rows(5, 3)))).isEqualTo(before);
            regression.solve(3);
            assertThat(regression.scores(rows(5, 3)).shape()).containsExactly(3, 3);
        }
    }

    private static Tensor rows(long seed, int count) {
        var random = new RandomStream(seed);
        float[] values = new float[count * DIM];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.normalized(Tensors.of(values, count, DIM));
    }

    private static double largestDifference(Tensor a, Tensor b) {
        assertThat(a.scalar_type().intern()).isEqualTo(torch.ScalarType.Double);
        float[] differences = Tensors.toFloats(a.sub(b).abs());
        OptionalDouble largest = IntStream.range(0, differences.length)
                .mapToDouble(i -> differences[i])
                .max();
        return largest.orElseThrow();
    }
}
