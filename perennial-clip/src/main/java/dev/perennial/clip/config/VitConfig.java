package dev.perennial.clip.config;

/**
 * The sizes of a vision transformer.
 *
 * @param imageSize side of the square input image, in pixels
 * @param patchSize side of a square patch, in pixels; divides the image size
 * @param transformer the residual blocks
 */
public record VitConfig(int imageSize, int patchSize, TransformerConfig transformer) implements VisionConfig {
    /** Checks that the patches tile the image. */
    public VitConfig {
        Sizes.requireUpTo(Sizes.IMAGE_SIDE, "image size", imageSize);
        Sizes.requirePositive("patch size", patchSize);
        if (imageSize % patchSize != 0) {
            throw new IllegalArgumentException(
                    "image size " + imageSize + " is not divisible by patch size " + patchSize);
        }
    }

    /** Returns the patches along one side of the image. */
    public int grid() {
        return imageSize / patchSize;
    }

    /** Returns the number of tokens: one for each patch, and the class token. */
    public int tokens() {
        return grid() * grid() + 1;
    }

    @Override
    public int outputWidth() {
        return transformer.width();
    }

    @Override
    public long parameterCount(int embedDim) {
        long w = transformer.width();
        return 3L * patchSize * patchSize * w + w + tokens() * w + 4 * w + transformer.parameterCount() + w * embedDim;
    }

    @Override
    public long macs(int embedDim) {
        long w = transformer.width();
        return 3L * imageSize * imageSize * w + transformer.macs(tokens()) + w * embedDim;
    }
}
