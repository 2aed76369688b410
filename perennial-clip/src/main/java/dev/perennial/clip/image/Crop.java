package dev.perennial.clip.image;

import java.util.random.RandomGenerator;

/** How augmentation takes a square out of an image. */
public sealed interface Crop {
    /** Returns a square of size x size pixels. */
    RgbImage apply(RgbImage image, int size, Interpolation interpolation, RandomGenerator random);

    /** The shortest side resized and the centre cropped; draws no random number. */
    record Centre() implements Crop {
        @Override
        public RgbImage apply(RgbImage image, int size, Interpolation interpolation, RandomGenerator random) {
            return CentreCrop.apply(image, size, interpolation, CropRounding.OPENAI);
        }
    }

    /**
     * A random rectangle squeezed into the square: torchvision's {@code RandomResizedCrop}.
     *
     * @param minArea the least share of the image's area, above 0
     * @param maxArea the largest share, up to 1
     * @param minAspect the least width over height, drawn uniformly in its logarithm
     * @param maxAspect the largest width over height
     */
    record RandomResized(double minArea, double maxArea, double minAspect, double maxAspect) implements Crop {
        private static final int ATTEMPTS = 10;

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a range is empty or out of bounds
         */
        public RandomResized {
            if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
                throw new IllegalArgumentException(
                        "the area range must be within 0 to 1 and in order but is " + minArea + " to " + maxArea);
            }
            if (!(minAspect > 0 && minAspect <= maxAspect && maxAspect < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "the aspect range must be positive and in order but is " + minAspect + " to " + maxAspect);
            }
        }

        @Override
        public RgbImage apply(RgbImage image, int size, Interpolation interpolation, RandomGenerator random) {
            return rectangle(image, random).resize(size, size, interpolation);
        }

        private RgbImage rectangle(RgbImage image, RandomGenerator random) {
            int width = image.width();
            int height = image.height();
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                double area = (double) width * height * uniform(minArea, maxArea, random);
                double aspect = Math.exp(uniform(Math.log(minAspect), Math.log(maxAspect), random));
                long w = (long) Math.rint(Math.sqrt(area * aspect));
                long h = (long) Math.rint(Math.sqrt(area / aspect));
                if (w > 0 && w <= width && h > 0 && h <= height) {
                    int y = random.nextInt(height - (int) h + 1);
                    int x = random.nextInt(width - (int) w + 1);
                    return image.crop(x, y, (int) w, (int) h);
                }
            }
            // The largest centred rectangle whose aspect is in range.
            double aspect = (double) width / height;
            int w = aspect > maxAspect ? Math.max(1, (int) Math.rint(height * maxAspect)) : width;
            int h = aspect < minAspect ? Math.max(1, (int) Math.rint(width / minAspect)) : height;
            return image.crop((width - w) / 2, (height - h) / 2, w, h);
        }

        private static double uniform(double low, double high, RandomGenerator random) {
            return low + (high - low) * random.nextDouble();
        }
    }
}
