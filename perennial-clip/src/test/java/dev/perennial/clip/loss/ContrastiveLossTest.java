package dev.perennial.clip.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.FiniteDifferences;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ContrastiveLossTest {
    private static final long[] GROUPS = {7, -3, 7, 5, -3, 7};

    @Test
    void theGradientOfTheGroupedLossIsThatOfItsDifferences() {
        try (var _ = new TensorScope()) {
            Tensor images = FiniteDifferences.leaf(normal(1, GROUPS.length, 5));
            Tensor texts = FiniteDifferences.leaf(normal(2, GROUPS.length, 5));
            Tensor scale = FiniteDifferences.leaf(scalar(1.3f));
            FiniteDifferences.assertGradients(
                    Map.of("images", images, "texts", texts, "logit scale", scale),
                    () -> ContrastiveLoss.grouped(images, texts, scale, GROUPS));
        }
    }

    @Test
    void theGroupedLossSpreadsTheTargetEvenlyOverTheGroup() {
        try (var _ = new TensorScope()) {
            float[][] logits = Tensors.toRows(ContrastiveLoss.logits(normal(3, 6, 4), normal(4, 6, 4), scalar(2)));
            double sum = 0;
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 6; j++) {
                    if (GROUPS[i] == GROUPS[j]) {
                        double share = 1.0 / size(GROUPS[i]);
                        sum -= share * (logSoftmaxOfRow(logits, i, j) + logSoftmaxOfColumn(logits, i, j)) / 6;
                    }
                }
            }
            Tensor loss = ContrastiveLoss.grouped(normal(3, 6, 4), normal(4, 6, 4), scalar(2), GROUPS);
            assertThat(loss.item_double()).isCloseTo(sum / 2, within(1e-5));
        }
    }

    @Test
    void groupsOfOneGiveTheLossOfClip() {
        try (var _ = new TensorScope()) {
            Tensor grouped =
                    ContrastiveLoss.grouped(normal(5, 4, 3), normal(6, 4, 3), scalar(3), new long[] {4, 2, 9, 0});
            Tensor plain = ContrastiveLoss.clip(normal(5, 4, 3), normal(6, 4, 3), scalar(3));
            assertThat(grouped.item_double()).isCloseTo(plain.item_double(), within(1e-6));
        }
    }

    @Test
    void aSinglePairHasNothingToBeToldFrom() {
        try (var _ = new TensorScope()) {
            Tensor image = normal(7, 1, 3);
            Tensor text = normal(8, 1, 3);
            assertThat(ContrastiveLoss.clip(image, text, scalar(4)).item_double())
                    .isZero();
            assertThat(ContrastiveLoss.grouped(image, text, scalar(4), new long[] {1})
                            .item_double())
                    .isZero();
        }
    }

    private static double logSoftmaxOfRow(float[][] logits, int row, int column) {
        double sum = 0;
        for (int j = 0; j < logits.length; j++) {
            sum += Math.exp(logits[row][j]);
        }
        return logits[row][column] - Math.log(sum);
    }

    /** The logarithm of the softmax over column {@code i} of the same matrix read the other way round. */
    private static double logSoftmaxOfColumn(float[][] logits, int i, int j) {
        double sum = 0;
        for (int k = 0; k < logits.length; k++) {
            sum += Math.exp(logits[k][i]);
        }
        return logits[j][i] - Math.log(sum);
    }

    private static long size(long group) {
        long size = 0;
        for (long other : GROUPS) {
            size += other == group ? 1 : 0;
        }
        return size;
    }

    private static Tensor normal(long seed, int rows, int columns) {
        RandomStream random = new RandomStream(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.of(values, rows, columns);
    }

    private static Tensor scalar(float value) {
        return Tensors.of(new float[] {value});
    }
}
