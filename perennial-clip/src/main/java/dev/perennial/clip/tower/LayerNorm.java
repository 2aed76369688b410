package dev.perennial.clip.tower;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Layer normalisation over the last dimension with a named gain and bias. */
final class LayerNorm {
    private LayerNorm() {}

    static Tensor apply(Tensor x, Parameters parameters, String name, double epsilon) {
        return TensorScope.compute(() -> {
            Tensor weight = parameters.get(name + ".weight");
            Tensor bias = parameters.get(name + ".bias");
            return torch.layer_norm(
                    x, new long[] {weight.numel()}, Tensors.some(weight), Tensors.some(bias), epsilon, false);
        });
    }
}
