package dev.perennial.evaluate.diagnosis;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was measured after a step.
 *
 * @param experience that was learned
 * @param step of it, counted from 1
 * @param samples learned from since the run began
 * @param values what was measured
 */
public record DiagnosisRow(String experience, int step, long samples, Map<DiagnosisMeasure, Double> values) {
    /** Keeps a copy in the order of the measures and checks that all are numbers. */
    public DiagnosisRow {
        var copy = new EnumMap<DiagnosisMeasure, Double>(DiagnosisMeasure.class);
        values.forEach((measure, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "the measure '" + measure.key() + "' after " + samples + " samples is " + value);
            }
            copy.put(measure, value);
        });
        values = Collections.unmodifiableMap(copy);
    }
}
