package dev.perennial.method;

import dev.perennial.clip.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Copies of weights by name. */
public final class Weights {
    private Weights() {}

    /** Returns copies, for the caller to close. */
    public static SequencedMap<String, Tensor> copies(Map<String, Tensor> weights) {
        SequencedMap<String, Tensor> copies = new LinkedHashMap<>();
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            weights.forEach(
                    (name, weight) -> copies.put(name, torch.clone(weight).retainReference()));
        }
        return copies;
    }

    /** Overwrites weights with the values of the same names, where there are values. */
    public static void overwrite(Map<String, Tensor> weights, Map<String, Tensor> values) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            weights.forEach((name, weight) -> {
                Tensor value = values.get(name);
                if (value != null) {
                    weight.copy_(value);
                }
            });
        }
    }
}
