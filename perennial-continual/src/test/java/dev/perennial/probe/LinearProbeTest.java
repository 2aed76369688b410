package dev.perennial.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
    @Test
    void classesThatALineSeparatesAreToldApart() {
        float[][] train = clouds(60, 1);
        float[][] test = clouds(30, 2);
        assertThat(LinearProbe.accuracy(train, labels(60), test, labels(30), 3)).isEqualTo(100);
    }

    @Test
    void embeddingsThatSayNothingGiveChance() {
        float[][] train =
                IntStream.range(0, 60).mapToObj(_ -> new float[] {1, 1}).toArray(float[][]::new);
        assertThat(LinearProbe.accuracy(train, labels(60), train, labels(60), 3))
                .isBetween(33.0, 34.0);
    }

    @Test
    void nothingNativeIsLeftBehind() {
        LinearProbe.accuracy(clouds(9, 1), labels(9), clouds(9, 2), labels(9), 3);
        long base = TensorScope.liveObjects();
        LinearProbe.accuracy(clouds(9, 1), labels(9), clouds(9, 2), labels(9), 3);
        assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
    }

    @Test
    void anEmptySetIsRefused() {
        assertThatThrownBy(() -> LinearProbe.accuracy(new float[0][], labels(0), clouds(3, 1), labels(3), 3))
                .hasMessageContaining("training and test images");
    }

    private static long[] labels(int count) {
        return IntStream.range(0, count).mapToLong(i -> i % 3).toArray();
    }

    private static float[][] clouds(int count, long seed) {
        RandomStream random = new RandomStream(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> new float[] {
                    (float) (5 * Math.cos(2 * Math.PI * (i % 3) / 3) + random.nextGaussian() / 4),
                    (float) (5 * Math.sin(2 * Math.PI * (i % 3) / 3) + random.nextGaussian() / 4)
                })
                .toArray(float[][]::new);
    }
}
