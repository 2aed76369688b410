package dev.perennial.method.moe;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Learns to restore the features of one task through a narrow code; features unlike those it restores badly.
 *
 * @param parameters weight and bias of the encoder, {@code [code, features]}, and of the decoder, {@code [features, code]}
 */
record Autoencoder(SequencedMap<String, Tensor> parameters) implements AutoCloseable {
    /** Draws all weights and biases evenly from plus and minus the inverse root of a layer's inputs, as PyTorch does. */
    static Autoencoder draw(int features, int code, RandomStream random) {
        SequencedMap<String, Tensor> drawn = new LinkedHashMap<>();
        try (var _ = new TensorScope()) {
            drawn.put("encoder.weight", uniform(random, features, code, features));
            drawn.put("encoder.bias", uniform(random, features, code));
            drawn.put("decoder.weight", uniform(random, code, features, code));
            drawn.put("decoder.bias", uniform(random, code, features));
        }
        return new Autoencoder(drawn);
    }

    private static Tensor uniform(RandomStream random, int inputs, long... shape) {
        float bound = (float) (1 / Math.sqrt(inputs));
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(-bound, bound);
        }
        return Tensors.of(values, shape).retainReference();
    }

    /**
     * Returns the mean squared error of each row after its sigmoid, {@code [batch]}.
     *
     * @param features {@code [batch, features]}
     */
    Tensor errors(Tensor features) {
        return TensorScope.compute(() -> {
            Tensor squashed = features.sigmoid();
            Tensor code = linear(squashed, "encoder").relu();
            Tensor restored = linear(code, "decoder").sigmoid();
            return squashed.sub(restored).square().mean(new long[] {1}, false, new ScalarTypeOptional());
        });
    }

    private Tensor linear(Tensor x, String layer) {
        return torch.linear(x, get(layer + ".weight"), Tensors.some(get(layer + ".bias")));
    }

    private Tensor get(String name) {
        Tensor tensor = parameters.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("an autoencoder has no '" + name + "'");
        }
        return tensor;
    }

    long count() {
        return parameters.values().stream().mapToLong(Tensor::numel).sum();
    }

    @Override
    public void close() {
        parameters.values().forEach(Tensor::close);
    }
}
