package dev.perennial.method.moe;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A noisy top-k router (Shazeer et al. 2017, arXiv 1701.06538, section 2.1), which begins at 0 and then chooses by noise alone.
 *
 * @param gate {@code [width, experts]}
 * @param noise how loud the noise of each expert is, {@code [width, experts]}
 */
record Router(Tensor gate, Tensor noise) implements AutoCloseable {
    private static final double LEAST_NOISE = 0.01;

    static Router create(int width, int experts) {
        try (var _ = new TensorScope()) {
            return new Router(zeros(width, experts), zeros(width, experts));
        }
    }

    private static Tensor zeros(int width, int experts) {
        return Tensors.of(new float[width * experts], width, experts).retainReference();
    }

    /**
     * Chooses without noise.
     *
     * @param token the first of each sample, {@code [batch, width]}
     */
    Gates gates(Tensor token, int perSample) {
        try (var scope = new TensorScope()) {
            return keep(scope, Gates.of(product(token, gate), perSample));
        }
    }

    /**
     * Chooses with noise, as in training.
     *
     * @param epsilon of the standard normal distribution, {@code [batch, experts]}
     */
    Gates gates(Tensor token, Tensor epsilon, int perSample) {
        try (var scope = new TensorScope()) {
            Tensor deviation = torch.softplus(product(token, noise)).add(new Scalar(LEAST_NOISE));
            return keep(scope, Gates.of(product(token, gate).add(epsilon.mul(deviation)), perSample));
        }
    }

    private static Gates keep(TensorScope scope, Gates gates) {
        scope.keep(gates.weights());
        return gates;
    }

    /** In mixed precision a product has few digits; the choice among experts is made with all of them that there are. */
    private static Tensor product(Tensor token, Tensor weights) {
        return token.matmul(weights).to(torch.ScalarType.Float);
    }

    SequencedMap<String, Tensor> parameters() {
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        named.put("gate", gate);
        named.put("noise", noise);
        return named;
    }

    @Override
    public void close() {
        parameters().values().forEach(Tensor::close);
    }
}
