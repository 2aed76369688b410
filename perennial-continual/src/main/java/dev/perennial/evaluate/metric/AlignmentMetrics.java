package dev.perennial.evaluate.metric;

/**
 * How far the embeddings of the same samples have moved between two models: as angles of each sample with itself, and between samples (Ni
 * et al. 2023, Mod-X, arXiv 2305.07437, section 3); and how images and texts of one model lie to each other. All angles are in degrees.
 */
public final class AlignmentMetrics {
    private AlignmentMetrics() {}

    /**
     * Returns the rotation angle of every sample, between its embeddings before and after, {@code [samples]}, each in {@code [0, 180]}.
     *
     * @param before rows of any length but zero, {@code [samples, width]}
     * @param after the same samples in the same order
     */
    public static double[] rotationAngles(float[][] before, float[][] after) {
        requireSameSamples(before, after);
        double[] angles = new double[before.length];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = angle(before[i], after[i]);
        }
        return angles;
    }

    /**
     * Returns how much the angle between every two samples has changed, for the pairs {@code i < j} row by row, each in
     * {@code [0, 180]}: all 0 if the whole space has turned.
     */
    public static double[] selfAngleChanges(float[][] before, float[][] after) {
        requireSameSamples(before, after);
        int samples = before.length;
        double[] changes = new double[samples * (samples - 1) / 2];
        int at = 0;
        for (int i = 0; i < samples; i++) {
            for (int j = i + 1; j < samples; j++) {
                changes[at] = Math.abs(angle(after[i], after[j]) - angle(before[i], before[j]));
                at++;
            }
        }
        return changes;
    }

    /**
     * Returns how much the angle between every image and every text has changed, {@code [images * texts]}, each in {@code [0, 180]}: the
     * inter-modal deviation, all 0 if both spaces have turned alike.
     */
    public static double[] crossAngleChanges(
            float[][] imagesBefore, float[][] textsBefore, float[][] images, float[][] texts) {
        requireSameSamples(imagesBefore, images);
        requireSameSamples(textsBefore, texts);
        double[] changes = new double[images.length * texts.length];
        for (int i = 0; i < images.length; i++) {
            for (int j = 0; j < texts.length; j++) {
                changes[i * texts.length + j] =
                        Math.abs(angle(images[i], texts[j]) - angle(imagesBefore[i], textsBefore[j]));
            }
        }
        return changes;
    }

    /**
     * Returns the distance between the centres of normalised images and normalised texts, in {@code [0, 2]} (Liang et al. 2022, arXiv
     * 2203.02053).
     */
    public static double modalityGap(float[][] images, float[][] texts) {
        double[] one = centre(images);
        double[] other = centre(texts);
        double sum = 0;
        for (int d = 0; d < one.length; d++) {
            sum += (one[d] - other[d]) * (one[d] - other[d]);
        }
        return Math.sqrt(sum);
    }

    /**
     * Returns the mean squared distance of normalised images and their texts, row by row, in {@code [0, 4]} (Wang and Isola 2020, arXiv
     * 2005.10242, with exponent 2).
     */
    public static double alignmentLoss(float[][] images, float[][] texts) {
        requireSameSamples(images, texts);
        double sum = 0;
        for (int i = 0; i < images.length; i++) {
            sum += squaredDistance(images[i], texts[i]);
        }
        return sum / images.length;
    }

    /**
     * Returns the logarithm of the mean of {@code exp(-2 d^2)} over all pairs of different normalised rows, in {@code [-8, 0]}: 0 if all
     * are the same (Wang and Isola 2020, arXiv 2005.10242, with t = 2).
     *
     * @throws IllegalArgumentException if there are fewer than two rows
     */
    public static double uniformityLoss(float[][] rows) {
        if (rows.length < 2) {
            throw new IllegalArgumentException("uniformity is over pairs, and there are only " + rows.length + " rows");
        }
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = i + 1; j < rows.length; j++) {
                sum += Math.exp(-2 * squaredDistance(rows[i], rows[j]));
            }
        }
        return Math.log(sum / (rows.length * (rows.length - 1) / 2.0));
    }

    private static double[] centre(float[][] rows) {
        double[] centre = new double[rows[0].length];
        for (float[] row : rows) {
            for (int d = 0; d < centre.length; d++) {
                centre[d] += (double) row[d] / rows.length;
            }
        }
        return centre;
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            double difference = (double) a[d] - b[d];
            sum += difference * difference;
        }
        return sum;
    }

    private static double angle(float[] a, float[] b) {
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squareA += (double) a[i] * a[i];
            squareB += (double) b[i] * b[i];
        }
        // Rounding can carry a cosine just past 1.
        double cosine = product / Math.sqrt(squareA * squareB);
        return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
    }

    private static void requireSameSamples(float[][] before, float[][] after) {
        if (before.length != after.length) {
            throw new IllegalArgumentException("the embeddings before are of " + before.length
                    + " samples and those after of " + after.length + "; embed the same samples with both models");
        }
    }
}
