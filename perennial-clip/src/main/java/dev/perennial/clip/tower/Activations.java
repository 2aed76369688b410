package dev.perennial.clip.tower;

import dev.perennial.clip.config.Activation;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The nonlinearities of the MLPs. */
final class Activations {
    private static final double QUICK_GELU_SLOPE = 1.702;

    private Activations() {}

    /** Applies a nonlinearity element by element; may overwrite its input. */
    static Tensor apply(Activation activation, Tensor x) {
        return switch (activation) {
            // x sigmoid(a x) = silu(a x) / a: one transcendental pass that keeps one tensor for the gradient, not two.
            case QUICK_GELU -> torch.silu(x.mul_(new Scalar(QUICK_GELU_SLOPE))).div_(new Scalar(QUICK_GELU_SLOPE));
            case GELU -> torch.gelu(x);
        };
    }
}
