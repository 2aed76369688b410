package dev.perennial.train;

import dev.perennial.clip.image.Augmentation;
import dev.perennial.clip.image.ColourJitter;
import dev.perennial.clip.image.Crop;
import dev.perennial.clip.image.Interpolation;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.data.ImagePreparation;
import java.util.Optional;

/**
 * What happens to training images, as a configuration says it.
 *
 * @param minArea least share of the image's area that a random crop keeps, in {@code (0, 1]}; absent for the centre crop of
 *     evaluation
 * @param flip chance that an image is mirrored
 * @param brightness largest relative change of brightness
 * @param contrast largest relative change of contrast
 * @param saturation largest relative change of saturation
 */
public record AugmentationConfig(
        Optional<Double> minArea, double flip, double brightness, double contrast, double saturation) {
    /** Checks the ranges. */
    public AugmentationConfig {
        build(minArea, flip, brightness, contrast, saturation);
    }

    /** Returns the preparation of training images; crops have torchvision's aspect ratios of 3/4 to 4/3. */
    public ImagePreparation preparation(Preprocessing preprocessing) {
        Augmentation augmentation = build(minArea, flip, brightness, contrast, saturation);
        return (image, random) -> Preprocessing.normalise(
                augmentation.apply(image, preprocessing.imageSize(), random),
                preprocessing.mean(),
                preprocessing.std());
    }

    private static Augmentation build(
            Optional<Double> minArea, double flip, double brightness, double contrast, double saturation) {
        return new Augmentation(
                minArea.<Crop>map(least -> new Crop.RandomResized(least, 1, 3 / 4.0, 4 / 3.0))
                        .orElseGet(Crop.Centre::new),
                flip,
                new ColourJitter(brightness, contrast, saturation),
                Interpolation.BICUBIC);
    }
}
