package dev.perennial.clip.image;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The random changes of a training image: crop, then mirror, then colour jitter; torchvision's transforms on 8 bits.
 *
 * @param crop how the square is taken out of the image
 * @param flipProbability the chance that the square is mirrored, 0 to 1
 * @param jitter the colour changes
 * @param interpolation the resize kernel
 */
public record Augmentation(Crop crop, double flipProbability, ColourJitter jitter, Interpolation interpolation) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the flip probability is not in 0 to 1
     */
    public Augmentation {
        if (!(flipProbability >= 0 && flipProbability <= 1)) {
            throw new IllegalArgumentException("flip probability must be 0 to 1 but is " + flipProbability);
        }
        Objects.requireNonNull(crop);
        Objects.requireNonNull(jitter);
        Objects.requireNonNull(interpolation);
    }

    /** Nothing random: the shortest side resized, the centre cropped, as in evaluation. */
    public static Augmentation none() {
        return new Augmentation(new Crop.Centre(), 0, ColourJitter.NONE, Interpolation.BICUBIC);
    }

    /** ZSCL's and open_clip's training transform: 90 to 100 % of the area, aspect 3/4 to 4/3, no flip. */
    public static Augmentation zscl() {
        return new Augmentation(
                new Crop.RandomResized(0.9, 1, 3 / 4.0, 4 / 3.0), 0, ColourJitter.NONE, Interpolation.BICUBIC);
    }

    /** Returns a changed image of size x size pixels; the same random stream gives the same image. */
    public RgbImage apply(RgbImage image, int size, RandomGenerator random) {
        RgbImage square = crop.apply(image, size, interpolation, random);
        RgbImage mirrored =
                flipProbability > 0 && random.nextDouble() < flipProbability ? square.flipHorizontal() : square;
        return jitter.apply(mirrored, random);
    }
}
