package dev.perennial.evaluate.metric;

/**
 * What a metric is called and how to read it.
 *
 * @param key the name under which results are stored, such as {@code backwardTransfer}
 * @param title the name for people, such as {@code Backward transfer}
 * @param unit the unit, such as {@code %} or {@code points}
 * @param better which direction is an improvement
 * @param formula how it is computed, with A[j][i] the score of data set i after experience j and Z[i] the zero-shot score
 * @param reading how to read it honestly: what it says, and what it doesn't
 */
public record MetricDefinition(String key, String title, String unit, Better better, String formula, String reading) {
    /** Which direction of a metric is an improvement. */
    public enum Better {
        HIGHER,
        LOWER
    }
}
