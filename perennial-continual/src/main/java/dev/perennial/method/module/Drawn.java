package dev.perennial.method.module;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Extension;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** Initial parameters of modules. */
final class Drawn {
    private final RandomStream random;
    private final SequencedMap<String, Supplier<Tensor>> starts = new LinkedHashMap<>();

    Drawn(RandomStream random) {
        this.random = random;
    }

    /** Adds numbers drawn evenly from plus and minus {@code bound}. */
    void uniform(String name, double bound, long... shape) {
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat((float) -bound, (float) bound);
        }
        starts.put(name, () -> Tensors.of(values, shape));
    }

    /** Adds numbers drawn from a normal distribution around 0. */
    void normal(String name, double deviation, long... shape) {
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(0, deviation);
        }
        starts.put(name, () -> Tensors.of(values, shape));
    }

    void zeros(String name, long... shape) {
        starts.put(name, () -> Tensors.of(new float[size(shape)], shape));
    }

    private static int size(long... shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }

    /** Makes what was drawn the parameters of an extension of a model. */
    void extend(Clip clip, Extension extension) {
        try (var _ = new TensorScope()) {
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            starts.forEach((name, start) -> parameters.put(name, start.get()));
            clip.extend(extension, parameters);
        }
    }
}
