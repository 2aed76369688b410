package dev.perennial.train;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.ParameterGroup;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Measures and bounds the gradients of all groups together. */
final class Gradients {
    private Gradients() {}

    /** Returns the L2 norm over all gradients; not finite if any gradient is not. */
    static double norm(List<ParameterGroup> groups) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            Tensor[] norms = gradients(groups)
                    .map(g -> torch.linalg_vector_norm(
                            g, new Scalar(2.0), new long[] {}, false, new ScalarTypeOptional()))
                    .toArray(Tensor[]::new);
            if (norms.length == 0) {
                return 0;
            }
            Tensor all = torch.stack(new TensorVector(norms), 0);
            return torch.linalg_vector_norm(all).item_double();
        }
    }

    /** Scales all gradients down so that their norm, which was measured before, is at most {@code limit}. */
    static void clip(List<ParameterGroup> groups, double norm, double limit) {
        if (norm > limit) {
            try (var _ = new TensorScope();
                    var _ = new AutoGradMode(false)) {
                gradients(groups).forEach(g -> g.mul_(new Scalar(limit / (norm + 1e-6))));
            }
        }
    }

    /** Returns the name of the first parameter whose gradient is not finite. */
    static Optional<String> firstNotFinite(List<ParameterGroup> groups) {
        try (var _ = new TensorScope()) {
            return groups.stream()
                    .flatMap(group -> group.parameters().entrySet().stream())
                    .filter(e -> e.getValue().grad().defined())
                    .filter(e -> !e.getValue().grad().isfinite().all().item_bool())
                    .map(e -> e.getKey())
                    .findFirst();
        }
    }

    /** Returns the name of the first parameter with an element that is not finite. */
    static Optional<String> firstWeightNotFinite(List<ParameterGroup> groups) {
        try (var _ = new TensorScope()) {
            return groups.stream()
                    .flatMap(group -> group.parameters().entrySet().stream())
                    .filter(e -> !e.getValue().isfinite().all().item_bool())
                    .map(e -> e.getKey())
                    .findFirst();
        }
    }

    private static Stream<Tensor> gradients(List<ParameterGroup> groups) {
        return groups.stream()
                .flatMap(group -> group.parameters().values().stream())
                .map(Tensor::grad)
                .filter(Tensor::defined);
    }
}
