package dev.perennial.clip.image;

import java.util.Arrays;

/**
 * Pillow's 8-bit resize, bit for bit: separable, first along rows, then along columns, each pass rounded to 8 bits.
 *
 * <p>Only the wanted window of the result is computed, so a centre crop costs nothing for what it throws away; the
 * window's pixels equal those of the full result.
 */
final class AntialiasedResize {
    /** Fixed-point fraction: an 8-bit sample times a weight and the overshoot of negative lobes fit in 32 bits. */
    private static final int FRACTION_BITS = 32 - 8 - 2;

    private static final int HALF = 1 << (FRACTION_BITS - 1);

    private AntialiasedResize() {}

    /** Returns the window (x, y, windowWidth, windowHeight) of the image resized to width x height. */
    static RgbImage window(
            RgbImage image,
            int width,
            int height,
            int x,
            int y,
            int windowWidth,
            int windowHeight,
            Interpolation interpolation) {
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException("cannot resize to " + width + " x " + height);
        }
        if (3L * windowWidth * windowHeight > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a result of " + windowWidth + " x " + windowHeight + " is too large");
        }
        boolean vertical = height != image.height();
        Weights rows = vertical ? Weights.of(image.height(), height, y, windowHeight, interpolation) : Weights.NONE;
        // The rows that the second pass will read, and no others.
        int top = vertical ? rows.start() : y;
        int count = vertical ? rows.end() - top : windowHeight;
        RgbImage narrowed = width == image.width()
                ? image.crop(x, top, windowWidth, count)
                : horizontal(image, top, count, Weights.of(image.width(), width, x, windowWidth, interpolation));
        return vertical ? vertical(narrowed, top, rows) : narrowed;
    }

    private static RgbImage horizontal(RgbImage image, int top, int count, Weights weights) {
        int width = weights.first.length;
        byte[] in = image.rgb();
        byte[] out = new byte[width * count * 3];
        for (int row = 0; row < count; row++) {
            int line = (top + row) * image.width();
            for (int x = 0; x < width; x++) {
                int[] w = weights.values[x];
                int at = (line + weights.first[x]) * 3;
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                for (int weight : w) {
                    red += (in[at] & 0xff) * weight;
                    green += (in[at + 1] & 0xff) * weight;
                    blue += (in[at + 2] & 0xff) * weight;
                    at += 3;
                }
                int to = (row * width + x) * 3;
                out[to] = clip(red);
                out[to + 1] = clip(green);
                out[to + 2] = clip(blue);
            }
        }
        return new RgbImage(width, count, out);
    }

    private static RgbImage vertical(RgbImage image, int top, Weights weights) {
        int height = weights.first.length;
        int stride = image.width() * 3;
        byte[] in = image.rgb();
        byte[] out = new byte[stride * height];
        int[] sums = new int[stride];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, HALF);
            int at = (weights.first[y] - top) * stride;
            for (int weight : weights.values[y]) {
                // A whole row at a time, so that the compiler can vectorise.
                for (int i = 0; i < stride; i++) {
                    sums[i] += (in[at + i] & 0xff) * weight;
                }
                at += stride;
            }
            for (int i = 0; i < stride; i++) {
                out[y * stride + i] = clip(sums[i]);
            }
        }
        return new RgbImage(image.width(), height, out);
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
    }

    /** For each output position of a window, the first input position and the fixed-point weights from there on. */
    private static final class Weights {
        static final Weights NONE = new Weights(new int[0], new int[0][]);

        private final int[] first;
        private final int[][] values;

        private Weights(int[] first, int[][] values) {
            this.first = first;
            this.values = values;
        }

        static Weights of(int in, int out, int from, int count, Interpolation interpolation) {
            double scale = (double) in / out;
            double widening = Math.max(scale, 1);
            double support = interpolation.support() * widening;
            // Pillow multiplies by the reciprocal; dividing would differ in the last bit.
            double narrowing = 1 / widening;
            int[] first = new int[count];
            int[][] values = new int[count][];
            for (int i = 0; i < count; i++) {
                double centre = (from + i + 0.5) * scale;
                int start = Math.max(0, (int) (centre - support + 0.5));
                int end = Math.min(in, (int) (centre + support + 0.5));
                double[] weights = new double[end - start];
                double sum = 0;
                for (int j = 0; j < weights.length; j++) {
                    weights[j] = interpolation.weight((start + j - centre + 0.5) * narrowing);
                    sum += weights[j];
                }
                first[i] = start;
                values[i] = new int[weights.length];
                for (int j = 0; j < weights.length; j++) {
                    double scaled = (sum == 0 ? weights[j] : weights[j] / sum) * (1 << FRACTION_BITS);
                    values[i][j] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
                }
            }
            return new Weights(first, values);
        }

        int start() {
            return first[0];
        }

        int end() {
            return first[first.length - 1] + values[values.length - 1].length;
        }
    }
}
