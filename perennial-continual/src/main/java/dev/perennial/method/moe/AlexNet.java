package dev.perennial.method.moe;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.PytorchArchive;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.ContentHash;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What AlexNet's fifth convolution makes of images, before its activation, as MoE-Adapters' repository looks at them (Yu et al. 2024, arXiv
 * 2403.11549): 43,264 numbers for an image of 224 pixels. The pixels are those that CLIP gets.
 */
final class AlexNet implements FeatureSource {
    /** Of each convolution: its place in torchvision's network, input channels, output channels, kernel, stride, padding. */
    private static final int[][] LAYERS = {
        {0, 3, 64, 11, 4, 2},
        {3, 64, 192, 5, 1, 2},
        {6, 192, 384, 3, 1, 1},
        {8, 384, 256, 3, 1, 1},
        {10, 256, 256, 3, 1, 1}
    };
    /** Convolutions that are followed by pooling, counted from 0. */
    private static final int POOLED = 2;

    /** Pixels along a side of which one is left after both poolings. */
    private static final int SMALLEST = 31;

    private final Map<String, Tensor> weights;
    private final String name;
    private final Clip clip;

    private AlexNet(Map<String, Tensor> weights, String name, Clip clip) {
        this.weights = weights;
        this.name = name;
        this.clip = clip;
    }

    /**
     * Reads torchvision's weights.
     *
     * @param file a state dict saved by PyTorch, such as {@code alexnet-owt-7be5be79.pth}, or as safetensors
     * @param clip the untouched model, which takes what belongs to no task
     * @throws dev.perennial.clip.checkpoint.CheckpointException if the file is not AlexNet's
     */
    static AlexNet read(Path file, Clip clip) {
        Map<String, Tensor> weights = new HashMap<>();
        try (TensorFile tensors = opened(file);
                var _ = new TensorScope()) {
            for (int[] layer : LAYERS) {
                String convolution = "features." + layer[0];
                weights.put(
                        convolution + ".weight",
                        loaded(tensors, convolution + ".weight", layer[2], layer[1], layer[3], layer[3]));
                weights.put(convolution + ".bias", loaded(tensors, convolution + ".bias", layer[2]));
            }
        }
        return new AlexNet(weights, "alexnet " + ContentHash.ofFile(file), clip);
    }

    private static TensorFile opened(Path file) {
        return file.toString().endsWith(".safetensors")
                ? Safetensors.read(file)
                : PytorchArchive.open(file).file();
    }

    private static Tensor loaded(TensorFile tensors, String name, long... shape) {
        StoredTensor stored = tensors.tensor(name);
        if (!Arrays.equals(stored.shape(), shape)) {
            throw new IllegalArgumentException(tensors.path() + ": '" + name + "' has the shape "
                    + Arrays.toString(stored.shape()) + " instead of " + Arrays.toString(shape)
                    + "; it is not torchvision's AlexNet");
        }
        return TensorStorage.load(stored).retainReference();
    }

    @Override
    public View look(Tensor pixels) {
        if (pixels.size(2) < SMALLEST) {
            throw new IllegalArgumentException(
                    "AlexNet needs images of at least " + SMALLEST + " pixels along a side, but the model takes "
                            + pixels.size(2) + "; leave ddas.features.alexnet out");
        }
        return new View(features(pixels), () -> clip.encodeImages(pixels));
    }

    private Tensor features(Tensor pixels) {
        return TensorScope.compute(() -> {
            Tensor x = pixels.to(torch.ScalarType.Float);
            for (int i = 0; i < LAYERS.length; i++) {
                x = convolved(i > 0 ? x.relu() : x, LAYERS[i]);
                if (i < POOLED) {
                    // The activation and the pooling may change places: both keep the order of numbers.
                    x = torch.max_pool2d(
                            x, new long[] {3, 3}, new long[] {2, 2}, new long[] {0, 0}, new long[] {1, 1}, false);
                }
            }
            return x.flatten(1, 3);
        });
    }

    private Tensor convolved(Tensor x, int[] layer) {
        String convolution = "features." + layer[0];
        return torch.conv2d(
                x,
                weight(convolution + ".weight"),
                Tensors.some(weight(convolution + ".bias")),
                new long[] {layer[4], layer[4]},
                new long[] {layer[5], layer[5]},
                new long[] {1, 1},
                1);
    }

    private Tensor weight(String weightName) {
        Tensor weight = weights.get(weightName);
        if (weight == null) {
            throw new IllegalStateException("AlexNet has lost its " + weightName);
        }
        return weight;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
    }
}
