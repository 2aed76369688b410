package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.ParameterGroups;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerStepTest {
    private static final AdamWConfig PLAIN = new AdamWConfig(0.9, 0.999, 1e-8, 0);

    @ParameterizedTest
    @CsvSource({"FLOAT32, 500", "BFLOAT16, 40"})
    void manyStepsOfAWholeModelLeaveNothingNativeBehind(Precision precision, int steps) {
        try (Clip clip = TinyClip.create(1)) {
            clip.parameters().train(_ -> true);
            List<ParameterGroup> groups =
                    ParameterGroups.byDecay(clip.parameters().trained());
            try (AdamW optimizer = new AdamW(groups, PLAIN)) {
                var step = new OptimizerStep(groups, optimizer, precision, Optional.of(1.0));
                List<Supplier<Tensor>> losses = List.of(() -> loss(clip));
                step.take("the first step", losses, 1e-3); // makes the moments, which stay
                long base = TensorScope.liveObjects();
                double last = Double.NaN;
                for (int i = 0; i < steps; i++) {
                    last = step.take("step " + i, losses, 1e-3).loss();
                    assertThat(TensorScope.liveObjects())
                            .as("native objects after step %d", i)
                            .isLessThanOrEqualTo(base);
                }
                assertThat(last).isLessThan(0.5);
            }
        }
    }

    @Test
    void aLossThatIsNotFiniteLeavesTheWeights() {
        withWeight(2, (weight, groups, optimizer) -> {
            var step = new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.empty());
            assertThatThrownBy(() -> step.take(
                            "step 7 of dtd", List.of(() -> weight.log().mul(nan())), 0.1))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("step 7 of dtd")
                    .hasMessageContaining("NaN");
            assertThat(Tensors.toFloats(weight)).containsExactly(2);
        });
    }

    @Test
    void aGradientThatIsNotFiniteIsNamedAndLeavesTheWeights() {
        withWeight(0, (weight, groups, optimizer) -> {
            var step = new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.of(1.0));
            // The root of zero is zero; its slope is infinite.
            assertThatThrownBy(() ->
                            step.take("step 1", List.of(() -> weight.sqrt().sum()), 0.1))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("the gradient of w")
                    .hasMessageContaining("step 1");
            assertThat(Tensors.toFloats(weight)).containsExactly(0);
        });
    }

    @Test
    void aWeightThatIsNotFiniteIsBlamedRatherThanTheLoss() {
        withWeight(Float.POSITIVE_INFINITY, (weight, groups, optimizer) -> {
            var step = new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.empty());
            assertThatThrownBy(() -> step.take("step 3 of dtd", List.of(() -> times(weight, 2)), 0.1))
                    .isInstanceOfSatisfying(
                            DivergenceException.class,
                            e -> assertThat(e.weightsAreBroken()).isTrue())
                    .hasMessageContaining("the weight w")
                    .hasMessageContaining("step 3 of dtd")
                    .hasMessageContaining("start again");
        });
    }

    @Test
    void severalLossesAreAveraged() {
        withWeight(3, (weight, groups, optimizer) -> {
            var step = new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.empty());
            OptimizerStep.Outcome outcome =
                    step.take("step 1", List.of(() -> times(weight, 2), () -> times(weight, 6)), 0.1);
            assertThat(outcome.loss()).isCloseTo(12, within(1e-6));
            assertThat(outcome.gradientNorm()).isCloseTo(4, within(1e-6));
        });
    }

    @Test
    void gradientsAreScaledDownToTheLimitTogether() {
        try (var _ = new TensorScope()) {
            Tensor a = leaf(1);
            Tensor b = leaf(1);
            SequencedMap<String, Tensor> both = new LinkedHashMap<>();
            both.put("a", a);
            both.put("b", b);
            List<ParameterGroup> groups = List.of(new ParameterGroup("both", both, 1, false));
            try (AdamW optimizer = new AdamW(groups, PLAIN)) {
                var step = new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.of(1.0));
                OptimizerStep.Outcome outcome =
                        step.take("step 1", List.of(() -> times(a, 3).add(times(b, 4))), 0.1);
                assertThat(outcome.gradientNorm()).isCloseTo(5, within(1e-6));
                assertThat(a.grad().item_double()).isCloseTo(0.6, within(1e-5));
                assertThat(b.grad().item_double()).isCloseTo(0.8, within(1e-5));
            }
        }
    }

    private interface Check {
        void on(Tensor weight, List<ParameterGroup> groups, AdamW optimizer);
    }

    private static void withWeight(float value, Check check) {
        try (var _ = new TensorScope()) {
            Tensor weight = leaf(value);
            List<ParameterGroup> groups =
                    List.of(new ParameterGroup("all", new LinkedHashMap<>(Map.of("w", weight)), 1, true));
            try (AdamW optimizer = new AdamW(groups, PLAIN)) {
                check.on(weight, groups, optimizer);
            }
        }
    }

    private static Tensor leaf(float value) {
        Tensor leaf = Tensors.of(new float[] {value}, 1);
        leaf.set_requires_grad(true);
        return leaf;
    }

    private static Tensor times(Tensor weight, double factor) {
        return TensorScope.compute(() -> weight.mul(new Scalar(factor)).sum());
    }

    private static Scalar nan() {
        return new Scalar(Double.NaN);
    }

    private static Tensor loss(Clip clip) {
        return TensorScope.compute(() -> {
            int side = TinyClip.IMAGE_SIZE;
            float[] pixels = new float[2 * 3 * side * side];
            Arrays.fill(pixels, 0, pixels.length / 2, 1);
            return ContrastiveLoss.clip(
                    clip.encodeImages(Tensors.of(pixels, 2, 3, side, side)),
                    clip.encodeTexts(clip.tokens(List.of("white", "black"))),
                    clip.parameters().get("logit_scale"));
        });
    }
}
