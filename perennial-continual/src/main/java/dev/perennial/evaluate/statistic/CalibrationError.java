package dev.perennial.evaluate.statistic;

/** How far probabilities are from the shares of right answers (Guo et al. 2017, arXiv 1706.04599). */
public final class CalibrationError {
    /** Bins of the usual definition. */
    public static final int BINS = 15;

    private final int[] right = new int[BINS];
    private final double[] probabilities = new double[BINS];
    private int samples;

    /**
     * Adds a sample.
     *
     * @param probability of the class that was chosen, 0 to 1; bins are {@code (i/15, (i+1)/15]}
     */
    public void add(double probability, boolean isRight) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability is 0 to 1, not " + probability);
        }
        int bin = Math.max(0, (int) Math.ceil(probability * BINS) - 1);
        right[bin] += isRight ? 1 : 0;
        probabilities[bin] += probability;
        samples++;
    }

    /**
     * Returns the expected calibration error in percent: the mean over samples of the distance between the mean probability and the
     * accuracy of their bin.
     *
     * @throws IllegalStateException if there is no sample
     */
    public double percent() {
        if (samples == 0) {
            throw new IllegalStateException("there is no sample");
        }
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            sum += Math.abs(probabilities[bin] - right[bin]);
        }
        return 100 * sum / samples;
    }
}
