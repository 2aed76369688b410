package dev.perennial.evaluate.metric;

/**
 * How far the embeddings of the same samples have moved between two models: as angles of each sample with itself, and between samples (Ni
 * et al. 2023, Mod-X, arXiv 2305.07437, section 3). All angles are in degrees.
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
