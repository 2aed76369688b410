package dev.perennial.clip.image;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Random brightness, contrast and saturation in random order: torchvision's {@code ColorJitter} on Pillow images.
 *
 * <p>Each strength s draws a factor uniformly from max(0, 1 - s) to 1 + s; a strength of 0 changes nothing and draws
 * nothing. Every step blends with black, with the mean grey or with the grey image, and truncates to 8 bits.
 *
 * @param brightness the strength of changes in brightness, 0 or more
 * @param contrast the strength of changes in contrast, 0 or more
 * @param saturation the strength of changes in saturation, 0 or more
 */
public record ColourJitter(double brightness, double contrast, double saturation) {
    /** Changes nothing. */
    public static final ColourJitter NONE = new ColourJitter(0, 0, 0);

    /**
     * Checks the strengths.
     *
     * @throws IllegalArgumentException if a strength is negative or not finite
     */
    public ColourJitter {
        if (!(brightness >= 0 && contrast >= 0 && saturation >= 0)
                || !Double.isFinite(brightness + contrast + saturation)) {
            throw new IllegalArgumentException("colour jitter needs finite strengths of 0 or more but has " + brightness
                    + ", " + contrast + " and " + saturation);
        }
    }

    RgbImage apply(RgbImage image, RandomGenerator random) {
        if (equals(NONE)) {
            return image;
        }
        Step[] order = Step.values();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Step swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        RgbImage result = image;
        for (Step step : order) {
            double strength = switch (step) {
                case BRIGHTNESS -> brightness;
                case CONTRAST -> contrast;
                case SATURATION -> saturation;
            };
            if (strength > 0) {
                double low = Math.max(0, 1 - strength);
                float factor = (float) (low + (1 + strength - low) * random.nextDouble());
                result = step.apply(result, factor);
            }
        }
        return result;
    }

    /** One change by a factor: 0 gives the plain image, 1 the original, more exaggerates. */
    enum Step {
        BRIGHTNESS {
            @Override
            RgbImage apply(RgbImage image, float factor) {
                return blend(image, new byte[image.rgb().length / 3], factor);
            }
        },
        CONTRAST {
            @Override
            RgbImage apply(RgbImage image, float factor) {
                byte[] grey = grey(image);
                long sum = 0;
                for (byte value : grey) {
                    sum += value & 0xff;
                }
                Arrays.fill(grey, (byte) (int) ((double) sum / grey.length + 0.5));
                return blend(image, grey, factor);
            }
        },
        SATURATION {
            @Override
            RgbImage apply(RgbImage image, float factor) {
                return blend(image, grey(image), factor);
            }
        };

        abstract RgbImage apply(RgbImage image, float factor);

        /** ITU-R 601 luma in Pillow's 16-bit fixed point. */
        private static byte[] grey(RgbImage image) {
            byte[] rgb = image.rgb();
            byte[] grey = new byte[rgb.length / 3];
            for (int i = 0; i < grey.length; i++) {
                int sum =
                        (rgb[3 * i] & 0xff) * 19595 + (rgb[3 * i + 1] & 0xff) * 38470 + (rgb[3 * i + 2] & 0xff) * 7471;
                grey[i] = (byte) ((sum + 0x8000) >> 16);
            }
            return grey;
        }

        private static RgbImage blend(RgbImage image, byte[] plain, float factor) {
            byte[] rgb = image.rgb();
            byte[] out = new byte[rgb.length];
            for (int i = 0; i < out.length; i++) {
                int from = plain[i / 3] & 0xff;
                out[i] = (byte) (int) Math.clamp(from + factor * ((rgb[i] & 0xff) - from), 0f, 255f);
            }
            return new RgbImage(image.width(), image.height(), out);
        }
    }
}
