package dev.perennial.evaluate.metric;

import dev.perennial.evaluate.metric.MetricDefinition.Better;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/** The metrics of {@link ClassIncrementMetrics} with what a reader must know about them. */
public enum IncrementalMetric {
    AVERAGE(
            ClassIncrementMetrics::average,
            new MetricDefinition(
                    "incrementalAverage",
                    "Incremental average",
                    "%",
                    Better.HIGHER,
                    "mean over experiences t of the accuracy on all test images of the classes seen by t",
                    "The Average of class-incremental papers. Early steps have fewer classes to confuse and weigh as much as"
                            + " late ones; images are pooled, so large data sets weigh more.")),
    LAST(
            ClassIncrementMetrics::last,
            new MetricDefinition(
                    "incrementalLast",
                    "Incremental last",
                    "%",
                    Better.HIGHER,
                    "accuracy on all test images of all classes after the last experience",
                    "The Last of class-incremental papers: the final model on everything, images pooled."));

    private final ToDoubleFunction<ClassIncrementMetrics> function;
    private final MetricDefinition definition;

    IncrementalMetric(ToDoubleFunction<ClassIncrementMetrics> function, MetricDefinition definition) {
        this.function = function;
        this.definition = definition;
    }

    /** Returns the name, unit, formula and reading guide. */
    public MetricDefinition definition() {
        return definition;
    }

    /**
     * Returns both metrics of a matrix that was measured over the pooled classes seen so far, by key; nothing before the first
     * experience is measured.
     *
     * @param samples the number of test images of each data set, in the order of the columns
     */
    public static SequencedMap<String, Double> of(ResultMatrix matrix, List<Long> samples) {
        var values = new LinkedHashMap<String, Double>();
        ClassIncrementMetrics.of(matrix, samples).ifPresent(metrics -> {
            for (IncrementalMetric metric : values()) {
                values.put(metric.definition.key(), metric.function.applyAsDouble(metrics));
            }
        });
        return values;
    }
}
