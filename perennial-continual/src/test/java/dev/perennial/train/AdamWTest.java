package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.ParameterGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final AdamWConfig CONFIG = new AdamWConfig(0.9, 0.999, 1e-8, 0.1);

    @Test
    void theFirstStepMovesByTheRateAgainstTheGradientAfterDecay() {
        try (var _ = new TensorScope();
                Tensor weight = leaf(2);
                AdamW optimizer = new AdamW(groups(weight, 1, true), CONFIG)) {
            gradient(weight, 5);
            optimizer.step(0.01);
            assertThat(weight.item_double()).isCloseTo(2 * (1 - 0.01 * 0.1) - 0.01, within(1e-6));
        }
    }

    @Test
    void aGroupThatDoesNotDecayAndHasAFactorMovesByThatFactorAlone() {
        try (var _ = new TensorScope();
                Tensor weight = leaf(2);
                AdamW optimizer = new AdamW(groups(weight, 10, false), CONFIG)) {
            gradient(weight, -5);
            optimizer.step(0.01);
            assertThat(weight.item_double()).isCloseTo(2.1, within(1e-6));
        }
    }

    @Test
    void aParameterWithoutAGradientIsNeitherMovedNorDecayedNorCounted() {
        try (var _ = new TensorScope();
                Tensor weight = leaf(2);
                AdamW optimizer = new AdamW(groups(weight, 1, true), CONFIG)) {
            optimizer.step(0.01);
            assertThat(weight.item_double()).isEqualTo(2);
            assertThat(optimizer.steps()).isEmpty();
            gradient(weight, 1);
            optimizer.step(0.01);
            double moved = weight.item_double();
            optimizer.clearGradients();
            optimizer.step(0.01);
            assertThat(weight.item_double()).isEqualTo(moved);
            assertThat(optimizer.steps()).containsExactly(Map.entry("w", 1L));
        }
    }

    @Test
    void aRestoredOptimizerGoesOnBitForBit() {
        try (var _ = new TensorScope();
                Tensor weight = leaf(2);
                Tensor other = leaf(2);
                AdamW optimizer = new AdamW(groups(weight, 1, true), CONFIG);
                AdamW restored = new AdamW(groups(other, 1, true), CONFIG)) {
            step(optimizer, weight, 3);
            step(optimizer, weight, -1);
            restored.restore(optimizer.tensors(), optimizer.steps());
            other.detach().copy_(weight.detach());
            step(optimizer, weight, 0.5f);
            step(restored, other, 0.5f);
            assertThat(other.item_float()).isEqualTo(weight.item_float());
            assertThat(restored.steps()).isEqualTo(optimizer.steps());
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new AdamWConfig(1, 0.9, 1e-8, 0)).hasMessageContaining("beta1");
        assertThatThrownBy(() -> new AdamWConfig(0.9, -0.1, 1e-8, 0)).hasMessageContaining("beta2");
        assertThatThrownBy(() -> new AdamWConfig(0.9, 0.9, 0, 0)).hasMessageContaining("epsilon");
        assertThatThrownBy(() -> new AdamWConfig(0.9, 0.9, 1e-8, Double.NaN)).hasMessageContaining("weight-decay");
    }

    private static void step(AdamW optimizer, Tensor weight, float gradient) {
        optimizer.clearGradients();
        gradient(weight, gradient);
        optimizer.step(0.01);
    }

    private static void gradient(Tensor weight, float gradient) {
        try (var _ = new TensorScope()) {
            weight.mul(new Scalar((double) gradient)).sum().backward();
        }
    }

    private static Tensor leaf(float value) {
        Tensor leaf = Tensors.of(new float[] {value}, 1);
        leaf.set_requires_grad(true);
        return leaf;
    }

    private static List<ParameterGroup> groups(Tensor weight, double factor, boolean decays) {
        return List.of(new ParameterGroup("all", new LinkedHashMap<>(Map.of("w", weight)), factor, decays));
    }
}
