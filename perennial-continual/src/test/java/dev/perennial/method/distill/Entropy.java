package dev.perennial.method.distill;

import dev.perennial.clip.tensor.TensorScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What the cross entropy with soft targets has beside the divergence. */
final class Entropy {
    private Entropy() {}

    /** Returns the mean over rows of the entropy of {@code softmax(logits / temperature)}. */
    static double ofRows(Tensor logits, double temperature) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            Tensor logarithms = torch.log_softmax(logits.div(new Scalar(temperature)), 1);
            return -logarithms.exp().mul(logarithms).sum(1).mean().item_double();
        }
    }
}
