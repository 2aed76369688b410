package dev.perennial.clip.tower;

import dev.perennial.clip.TinyClip;
import dev.perennial.clip.tensor.FiniteDifferences;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Towers of a tiny model in float64, so that two ways to the same result can be told from two results. */
final class DoubleTowers implements AutoCloseable {
    static final double TOLERANCE = 1e-12;

    final Parameters parameters;
    final ImageTower image;
    final TextTower text;

    DoubleTowers(Parameters parameters) {
        this.parameters = parameters;
        this.image = ImageTower.of(TinyClip.config().vision(), parameters);
        this.text = new TextTower(TinyClip.config().text(), parameters);
    }

    /** Returns towers whose weights, norms and biases too, are all random. */
    static DoubleTowers create(long seed) {
        try (var _ = new TensorScope()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            RandomStream random = new RandomStream(seed);
            Parameters drawn = Initialization.draw(TinyClip.config(), random);
            drawn.asMap().forEach((name, tensor) -> {
                Tensor noise = normal(random, tensor.shape()).mul(new org.bytedeco.pytorch.Scalar(0.1));
                tensors.put(name, FiniteDifferences.leaf(tensor.add(noise)));
            });
            drawn.close();
            Parameters parameters = new Parameters(tensors);
            parameters.train(_ -> false);
            return new DoubleTowers(parameters);
        }
    }

    /** Returns the same towers with an independent copy of the weights. */
    DoubleTowers copy() {
        return new DoubleTowers(parameters.copy());
    }

    /** Returns pixels of images, {@code [images, 3, 16, 16]}. */
    static Tensor pixels(int images) {
        return normal(new RandomStream(99), images, 3, TinyClip.IMAGE_SIZE, TinyClip.IMAGE_SIZE);
    }

    /** Returns texts of different lengths; the longest has seven tokens. */
    static TokenBatch texts() {
        int end = TinyClip.config().text().endOfTextId();
        return TokenBatch.of(
                List.of(new int[] {end - 1, 5, 9, end}, new int[] {end - 1, 70, 71, 72, 73, 74, end}), end);
    }

    /** Returns a float64 tensor of normally distributed numbers. */
    static Tensor normal(RandomStream random, long... shape) {
        int elements = 1;
        for (long size : shape) {
            elements *= (int) size;
        }
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return TensorScope.compute(() -> Tensors.of(values, shape).to(torch.ScalarType.Double));
    }

    /** Returns the largest difference of two tensors of one shape. */
    static double distance(Tensor a, Tensor b) {
        try (var _ = new TensorScope()) {
            return a.sub(b).abs().max().item_double();
        }
    }

    @Override
    public void close() {
        parameters.close();
    }
}
