package dev.perennial.data;

import dev.perennial.clip.image.RgbImage;
import java.util.random.RandomGenerator;

/** Turns a decoded image into what a tower takes; must be safe for use by several threads. */
@FunctionalInterface
public interface ImagePreparation {
    /**
     * Returns the pixels of one image, {@code [3, size, size]}, always of the same length.
     *
     * @param random random numbers of this very sample in this epoch, equal for equal seeds whatever thread asks
     */
    float[] prepare(RgbImage image, RandomGenerator random);
}
