package dev.perennial.evaluate.metric;

import dev.perennial.evaluate.metric.MetricDefinition.Better;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What learning took, in units that do not depend on the machine. */
public enum ComputeMetric {
    SAMPLES(new MetricDefinition(
            "samplesSeen",
            "Samples seen",
            "thousands",
            Better.LOWER,
            "samples of all batches of all experiences, each as often as it was seen, in thousands",
            "How long the model was trained. Repeated samples count again.")),
    COMPUTE(new MetricDefinition(
            "compute",
            "Compute",
            "TMACs",
            Better.LOWER,
            "samples seen times the multiply-adds of a forward pass over an image and a text of full length, in 10^12",
            "The convention of TiC-CLIP; forward and backward pass together take about three times as much. A teacher's"
                    + " passes, evaluation, and what shorter texts save are not counted."));

    private final MetricDefinition definition;

    ComputeMetric(MetricDefinition definition) {
        this.definition = definition;
    }

    /** Returns the name, unit, formula and reading guide. */
    public MetricDefinition definition() {
        return definition;
    }

    /**
     * Returns the metrics by key.
     *
     * @param samples that were seen
     * @param macs multiply-adds of one sample
     */
    public static SequencedMap<String, Double> of(long samples, long macs) {
        var values = new LinkedHashMap<String, Double>();
        values.put(SAMPLES.definition.key(), samples / 1e3);
        values.put(COMPUTE.definition.key(), samples * (macs / 1e12));
        return values;
    }
}
