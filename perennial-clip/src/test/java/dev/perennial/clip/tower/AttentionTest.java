package dev.perennial.clip.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final double BFLOAT16_TOLERANCE = 0.03;

    @Test
    void bfloat16AttendsLikeFloat32() {
        assertSameInBfloat16(Tensors::none, false);
    }

    @Test
    void bfloat16SeesNoLaterTokenWhereCausal() {
        assertSameInBfloat16(Tensors::none, true);
    }

    @Test
    void bfloat16AddsTheMask() {
        assertSameInBfloat16(() -> Tensors.some(mask()), false);
    }

    @Test
    void bfloat16PassesTheGradientOfFloat32() {
        try (var _ = new TensorScope()) {
            Tensor[] exact = inputs(torch.ScalarType.Float);
            Tensor[] rounded = inputs(torch.ScalarType.BFloat16);
            for (Tensor[] inputs : new Tensor[][] {exact, rounded}) {
                for (Tensor input : inputs) {
                    input.set_requires_grad(true);
                }
                Attention.apply(inputs[0], inputs[1], inputs[2], Tensors.none(), true)
                        .square()
                        .sum()
                        .backward();
            }
            for (int i = 0; i < exact.length; i++) {
                assertClose(rounded[i].grad(), exact[i].grad(), 0.1);
            }
        }
    }

    @Test
    void quickGeluIsTheInputTimesTheSigmoidOfItsMultiple() {
        try (var _ = new TensorScope()) {
            float[] x = {-30, -3, -0.5f, 0, 1e-3f, 0.7f, 4, 30};
            float[] y = Tensors.toFloats(Activations.apply(Activation.QUICK_GELU, Tensors.of(x.clone(), x.length)));
            for (int i = 0; i < x.length; i++) {
                assertThat((double) y[i]).isCloseTo(x[i] / (1 + Math.exp(-1.702 * x[i])), within(4e-6));
            }
        }
    }

    private static void assertSameInBfloat16(Supplier<TensorOptional> mask, boolean causal) {
        try (var _ = new TensorScope()) {
            Tensor[] exact = inputs(torch.ScalarType.Float);
            Tensor[] rounded = inputs(torch.ScalarType.BFloat16);
            assertClose(
                    Attention.apply(rounded[0], rounded[1], rounded[2], mask.get(), causal),
                    Attention.apply(exact[0], exact[1], exact[2], mask.get(), causal),
                    BFLOAT16_TOLERANCE);
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        float[] a = Tensors.toFloats(actual);
        float[] e = Tensors.toFloats(expected);
        assertThat(a).hasSameSizeAs(e);
        for (int i = 0; i < a.length; i++) {
            assertThat(a[i]).isCloseTo(e[i], within((float) tolerance));
        }
    }

    /** Query, key and value {@code [2, 3, 7, 16]} whose values bfloat16 holds exactly. */
    private static Tensor[] inputs(torch.ScalarType type) {
        Tensor[] inputs = new Tensor[3];
        for (int i = 0; i < inputs.length; i++) {
            float[] values = new float[2 * 3 * 7 * 16];
            for (int j = 0; j < values.length; j++) {
                values[j] = ((j * 37 + i * 11) % 65 - 32) / 32f;
            }
            inputs[i] = Tensors.of(values, 2, 3, 7, 16).to(type);
        }
        return inputs;
    }

    private static Tensor mask() {
        return torch.full(new long[] {7, 7}, new Scalar(-1e4)).tril(-2);
    }
}
