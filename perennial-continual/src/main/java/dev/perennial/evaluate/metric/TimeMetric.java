package dev.perennial.evaluate.metric;

import dev.perennial.evaluate.metric.MetricDefinition.Better;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/** The metrics of {@link TimeMetrics} with what a reader must know about them. */
public enum TimeMetric {
    IN_DOMAIN(
            TimeMetrics::inDomain,
            new MetricDefinition(
                    "inDomain",
                    "In-domain",
                    "%",
                    Better.HIGHER,
                    "mean of A[i][i], the score of each step's model on its own step",
                    "How well each step is known when it is over. A model that only ever looks at the newest data can do well"
                            + " here.")),
    BACKWARD(
            TimeMetrics::backward,
            new MetricDefinition(
                    "backward",
                    "Backward",
                    "%",
                    Better.HIGHER,
                    "mean of A[i][j] over steps j before i",
                    "Scores of newer models on older data, as TiC-CLIP states them: no differences.")),
    FORWARD(
            TimeMetrics::forward,
            new MetricDefinition(
                    "forward",
                    "Forward",
                    "%",
                    Better.HIGHER,
                    "mean of A[i][j] over steps j after i",
                    "Scores of older models on newer data, as TiC-CLIP states them: no differences."));

    private final ToDoubleFunction<TimeMetrics> function;
    private final MetricDefinition definition;

    TimeMetric(ToDoubleFunction<TimeMetrics> function, MetricDefinition definition) {
        this.function = function;
        this.definition = definition;
    }

    /** Returns the name, unit, formula and reading guide. */
    public MetricDefinition definition() {
        return definition;
    }

    /** Returns the metrics by key; nothing before the last step is measured. */
    public static SequencedMap<String, Double> of(ResultMatrix matrix) {
        var values = new LinkedHashMap<String, Double>();
        int steps = matrix.experiences().size();
        if (steps > 1 && matrix.lastMeasured().orElse(-1) == steps - 1) {
            TimeMetrics metrics = TimeMetrics.of(matrix);
            for (TimeMetric metric : values()) {
                values.put(metric.definition.key(), metric.function.applyAsDouble(metrics));
            }
        }
        return values;
    }
}
