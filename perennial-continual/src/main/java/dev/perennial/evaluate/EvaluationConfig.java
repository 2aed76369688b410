package dev.perennial.evaluate;

/**
 * How a model is judged.
 *
 * @param protocol which class names a sample is classified among
 * @param batchSize images a forward pass
 * @param threads threads that decode images
 * @param pictures samples of each set whose predictions the report shows
 * @param maxBadShare share of unusable samples above which evaluation stops, in {@code [0, 1]}
 */
public record EvaluationConfig(Protocol protocol, int batchSize, int threads, int pictures, double maxBadShare) {
    /** Checks the ranges. */
    public EvaluationConfig {
        if (batchSize < 1 || threads < 1 || pictures < 0) {
            throw new IllegalArgumentException("batch-size and threads must be at least 1 and pictures at least 0, not "
                    + batchSize + ", " + threads + " and " + pictures);
        }
    }
}
