package dev.perennial.clip.tower;

/**
 * Fits positional embeddings to another resolution or context length, as open_clip does when it loads a checkpoint.
 */
public final class PositionResize {
    /** Keys' cubic convolution with the coefficient of PIL and of PyTorch's antialiased mode. */
    private static final double CUBIC = -0.5;

    private PositionResize() {}

    /**
     * Resizes an image tower's embedding by antialiased bicubic interpolation over the patch grid; the class token's row is kept.
     *
     * @param embedding rows {@code 1 + from * from} of {@code width} elements
     * @param from patches along a side
     * @param to patches along a side of the result
     */
    public static float[] imageGrid(float[] embedding, int width, int from, int to) {
        float[][] weights = new float[to][];
        int[] starts = new int[to];
        bicubicWeights(from, to, weights, starts);
        // Rows first, then columns; both passes treat a grid cell's channels alike.
        float[] narrowed = new float[from * to * width];
        for (int y = 0; y < from; y++) {
            for (int x = 0; x < to; x++) {
                for (int k = 0; k < weights[x].length; k++) {
                    int source = (1 + y * from + starts[x] + k) * width;
                    addScaled(narrowed, (y * to + x) * width, embedding, source, weights[x][k], width);
                }
            }
        }
        float[] resized = new float[(1 + to * to) * width];
        System.arraycopy(embedding, 0, resized, 0, width);
        for (int y = 0; y < to; y++) {
            for (int x = 0; x < to; x++) {
                for (int k = 0; k < weights[y].length; k++) {
                    int source = ((starts[y] + k) * to + x) * width;
                    addScaled(resized, (1 + y * to + x) * width, narrowed, source, weights[y][k], width);
                }
            }
        }
        return resized;
    }

    /**
     * Resizes a text tower's embedding by linear interpolation over positions.
     *
     * @param embedding {@code from} rows of {@code width} elements
     */
    public static float[] text(float[] embedding, int width, int from, int to) {
        float[] resized = new float[to * width];
        for (int i = 0; i < to; i++) {
            double position = Math.max((i + 0.5) * from / to - 0.5, 0);
            int low = Math.min((int) position, from - 1);
            int high = Math.min(low + 1, from - 1);
            float share = (float) (position - low);
            addScaled(resized, i * width, embedding, low * width, 1 - share, width);
            addScaled(resized, i * width, embedding, high * width, share, width);
        }
        return resized;
    }

    private static void bicubicWeights(int from, int to, float[][] weights, int[] starts) {
        double scale = (double) from / to;
        double stretch = Math.max(scale, 1);
        double support = 2 * stretch;
        for (int i = 0; i < to; i++) {
            double centre = scale * (i + 0.5);
            int start = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), from);
            double[] raw = new double[end - start];
            double sum = 0;
            for (int k = 0; k < raw.length; k++) {
                raw[k] = kernel((start + k - centre + 0.5) / stretch);
                sum += raw[k];
            }
            starts[i] = start;
            weights[i] = new float[raw.length];
            for (int k = 0; k < raw.length; k++) {
                weights[i][k] = (float) (raw[k] / sum);
            }
        }
    }

    private static double kernel(double x) {
        double d = Math.abs(x);
        if (d < 1) {
            return ((CUBIC + 2) * d - (CUBIC + 3)) * d * d + 1;
        }
        return d < 2 ? CUBIC * (((d - 5) * d + 8) * d - 4) : 0;
    }

    private static void addScaled(float[] target, int at, float[] source, int from, float factor, int width) {
        for (int c = 0; c < width; c++) {
            target[at + c] += factor * source[from + c];
        }
    }
}
