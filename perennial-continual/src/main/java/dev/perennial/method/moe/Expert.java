package dev.perennial.method.moe;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A bottleneck adapter, {@code scale (relu(x D' + b) U' + c)}: it adds nothing until U and c have moved from 0.
 *
 * @param downWeight D, {@code [bottleneck, width]}
 * @param downBias b, {@code [bottleneck]}
 * @param upWeight U, {@code [width, bottleneck]}
 * @param upBias c, {@code [width]}
 * @param scale of the output
 */
record Expert(Tensor downWeight, Tensor downBias, Tensor upWeight, Tensor upBias, double scale)
        implements AutoCloseable {
    /** Draws an expert: D evenly from plus and minus {@code 1 / sqrt(width)}, all else 0. */
    static Expert draw(int width, MixtureSettings settings, RandomStream random) {
        int bottleneck = settings.bottleneck();
        float bound = (float) (1 / Math.sqrt(width));
        float[] down = new float[bottleneck * width];
        for (int i = 0; i < down.length; i++) {
            down[i] = random.nextFloat(-bound, bound);
        }
        try (var _ = new TensorScope()) {
            return new Expert(
                    Tensors.of(down, bottleneck, width).retainReference(),
                    zeros(bottleneck),
                    zeros(width, bottleneck),
                    zeros(width),
                    settings.scale());
        }
    }

    private static Tensor zeros(long... shape) {
        int elements = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        return Tensors.of(new float[elements], shape).retainReference();
    }

    /**
     * Computes what the expert adds to the residual stream.
     *
     * @param tokens {@code [batch, tokens, width]}, not normalised
     * @param weights of the expert for each sample, {@code [batch]}
     * @param dropout share of hidden units that are left out; 0 outside of training
     */
    Tensor apply(Tensor tokens, Tensor weights, double dropout) {
        return TensorScope.compute(() -> {
            Tensor hidden =
                    torch.linear(tokens, downWeight, Tensors.some(downBias)).relu();
            Tensor kept = dropout > 0 ? torch.dropout(hidden, dropout, true) : hidden;
            // One pass over the result for scale and weight together.
            Tensor factors = weights.mul(new Scalar(scale)).reshape(-1, 1, 1);
            return torch.linear(kept, upWeight, Tensors.some(upBias)).mul(factors);
        });
    }

    SequencedMap<String, Tensor> parameters() {
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        named.put("down.weight", downWeight);
        named.put("down.bias", downBias);
        named.put("up.weight", upWeight);
        named.put("up.bias", upBias);
        return named;
    }

    @Override
    public void close() {
        parameters().values().forEach(Tensor::close);
    }
}
