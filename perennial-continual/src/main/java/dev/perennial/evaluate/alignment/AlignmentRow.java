package dev.perennial.evaluate.alignment;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Alignment at one point of a stream.
 *
 * @param after the experience before it, or {@code zero-shot}
 * @param values what was measured; a measure that is not defined on the sample is left out
 */
public record AlignmentRow(String after, Map<AlignmentMeasure, Double> values) {
    /** Keeps a copy in the order of the measures and checks that all are numbers. */
    public AlignmentRow {
        var copy = new EnumMap<AlignmentMeasure, Double>(AlignmentMeasure.class);
        values.forEach((measure, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "the measure '" + measure.key() + "' after '" + after + "' is " + value);
            }
            copy.put(measure, value);
        });
        values = Collections.unmodifiableMap(copy);
    }
}
