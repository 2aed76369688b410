package dev.perennial.method.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GatesTest {
    @Property(tries = 50)
    void weightsSumToOneAndAreZeroButForTheChosen(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int experts,
            @ForAll @IntRange(max = 6) int batch,
            @ForAll @IntRange(min = 1, max = 9) int atMost) {
        int perSample = Math.min(experts, atMost);
        var random = new RandomStream(seed);
        float[] logits = new float[batch * experts];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = random.nextInt(5) - 2; // few values, so that many are equal
        }
        try (var _ = new TensorScope()) {
            Gates gates = Gates.of(Tensors.of(logits, batch, experts), perSample);
            float[] weights = Tensors.toFloats(gates.weights());
            assertThat(gates.chosen()).hasSize(batch * perSample);
            assertThat(Arrays.stream(gates.counts()).sum()).isEqualTo((long) batch * perSample);
            for (int row = 0; row < batch; row++) {
                double sum = 0;
                int positive = 0;
                for (int e = 0; e < experts; e++) {
                    float weight = weights[row * experts + e];
                    sum += weight;
                    positive += weight != 0 ? 1 : 0;
                    int sample = row;
                    boolean chosen = Arrays.stream(gates.samplesOf(e)).anyMatch(i -> i == sample);
                    assertThat(chosen).isEqualTo(weight > 0);
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
                assertThat(positive).isBetween(1, perSample);
            }
        }
    }

    @Test
    void equalLogitsChooseTheFirstExperts() {
        try (var _ = new TensorScope()) {
            Gates gates = Gates.of(Tensors.of(new float[] {0, 0, 0, 0, 1, 2, 2, 2}, 2, 4), 2);
            assertThat(gates.chosen()).containsExactly(0, 1, 1, 2);
            assertThat(gates.samplesOf(1)).containsExactly(0, 1);
            assertThat(Tensors.toFloats(gates.weights())).containsExactly(0.5f, 0.5f, 0, 0, 0, 0.5f, 0.5f, 0);
        }
    }
}
