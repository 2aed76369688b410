package dev.perennial.clip.config;

import java.util.List;

/**
 * The sizes of CLIP's modified ResNet: three stem convolutions, anti-aliased strides, attention pooling.
 *
 * @param imageSize side of the square input image, in pixels; a multiple of 32
 * @param layers bottleneck blocks in each of the four stages
 * @param width channels after the stem; the last stage has 32 times as many
 * @param heads heads of the attention pooling
 */
public record ResNetConfig(int imageSize, List<Integer> layers, int width, int heads) implements VisionConfig {
    /** The epsilon of every BatchNorm. */
    public static final double BATCH_NORM_EPSILON = 1e-5;

    /** Checks that the sizes fit together. */
    public ResNetConfig {
        layers = List.copyOf(layers);
        Sizes.requireUpTo(Sizes.IMAGE_SIDE, "image size", imageSize);
        Sizes.requirePositive("width", width);
        Sizes.requirePositive("heads", heads);
        if (layers.size() != 4) {
            throw new IllegalArgumentException("a modified ResNet has four stages, not " + layers.size());
        }
        layers.forEach(blocks -> Sizes.requireUpTo(Sizes.LAYERS, "layers", blocks));
        if (imageSize % 32 != 0) {
            throw new IllegalArgumentException("image size " + imageSize + " is not a multiple of 32");
        }
        if (32 * width % heads != 0) {
            throw new IllegalArgumentException("width " + 32 * width + " is not divisible by " + heads + " heads");
        }
    }

    /** Returns the tokens of the attention pooling: one for each cell of the last feature map, and their mean. */
    public int tokens() {
        int grid = imageSize / 32;
        return grid * grid + 1;
    }

    @Override
    public int outputWidth() {
        return 32 * width;
    }

    @Override
    public long parameterCount(int embedDim) {
        long half = width / 2;
        long count = 27 * half + 9 * half * half + 9 * half * width + 4 * half + 2L * width;
        long in = width;
        for (int stage = 0; stage < 4; stage++) {
            long planes = (long) width << stage;
            for (int block = 0; block < layers.get(stage); block++) {
                count += in * planes + 9 * planes * planes + 4 * planes * planes + 2 * (planes + planes + 4 * planes);
                if (block == 0) {
                    count += in * 4 * planes + 8 * planes;
                }
                in = 4 * planes;
            }
        }
        long w = outputWidth();
        return count + tokens() * w + 3 * (w * w + w) + w * embedDim + embedDim;
    }

    @Override
    public long macs(int embedDim) {
        long half = width / 2;
        long side = imageSize / 2;
        long count = side * side * (27 * half + 9 * half * half + 9 * half * width);
        side /= 2;
        long in = width;
        for (int stage = 0; stage < 4; stage++) {
            long planes = (long) width << stage;
            for (int block = 0; block < layers.get(stage); block++) {
                // Strides come after the second convolution, as a pooling.
                long wide = side * side;
                side = block == 0 && stage > 0 ? side / 2 : side;
                count += wide * (in * planes + 9 * planes * planes) + side * side * 4 * planes * planes;
                if (block == 0) {
                    count += side * side * in * 4 * planes;
                }
                in = 4 * planes;
            }
        }
        long w = outputWidth();
        // Only the mean is pooled, so there is one query.
        return count + 2L * tokens() * w * w + w * w + 2L * tokens() * w + w * embedDim;
    }
}
