package dev.perennial.clip.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Checks gradients against central differences in float64. */
public final class FiniteDifferences {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;
    /** Elements of one tensor that are checked; they are spread over it. */
    private static final long ELEMENTS = 12;

    private FiniteDifferences() {}

    /** Returns a float64 leaf that requires a gradient. */
    public static Tensor leaf(Tensor values) {
        Tensor leaf = TensorScope.compute(
                () -> values.detach().to(torch.ScalarType.Double).clone());
        leaf.set_requires_grad(true);
        return leaf;
    }

    /** Fails unless the gradient of a scalar loss agrees with its differences in every leaf. */
    public static void assertGradients(Map<String, Tensor> leaves, Supplier<Tensor> loss) {
        try (var _ = new TensorScope()) {
            loss.get().backward();
            leaves.forEach((name, leaf) -> {
                Tensor gradient = leaf.grad();
                assertThat(gradient.defined()).as("gradient of " + name).isTrue();
                long stride = Math.max(1, leaf.numel() / ELEMENTS);
                for (long i = 0; i < leaf.numel(); i += stride) {
                    double expected = difference(leaf, i, loss);
                    double actual = data(gradient.contiguous()).get(i);
                    assertThat(actual)
                            .as("gradient of %s at %d", name, i)
                            .isCloseTo(expected, within(TOLERANCE * (1 + Math.abs(expected))));
                }
            });
        }
    }

    private static double difference(Tensor leaf, long element, Supplier<Tensor> loss) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            DoublePointer values = data(leaf);
            double before = values.get(element);
            values.put(element, before + STEP);
            double above = loss.get().item_double();
            values.put(element, before - STEP);
            double below = loss.get().item_double();
            values.put(element, before);
            return (above - below) / (2 * STEP);
        }
    }

    private static DoublePointer data(Tensor tensor) {
        return tensor.data_ptr_double();
    }
}
