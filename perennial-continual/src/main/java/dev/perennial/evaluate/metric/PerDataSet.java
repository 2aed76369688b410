package dev.perennial.evaluate.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * A metric for each data set for which it is defined, in the order of the columns.
 *
 * @param values the metric by the name of the data set; data sets for which it is not defined are absent
 */
public record PerDataSet(SequencedMap<String, Double> values) {
    /** Keeps a copy of the values in their order. */
    public PerDataSet {
        values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    /** Returns the metric of one data set, or nothing if it is not defined there. */
    public OptionalDouble of(String dataSet) {
        Double value = values.get(dataSet);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Returns the mean over the data sets for which the metric is defined, or nothing if there are none. */
    public OptionalDouble mean() {
        return values.values().stream().mapToDouble(Double::doubleValue).average();
    }

    static PerDataSet collect(Iterable<Map.Entry<String, OptionalDouble>> columns) {
        var values = new LinkedHashMap<String, Double>();
        for (var column : columns) {
            column.getValue().ifPresent(value -> values.put(column.getKey(), value));
        }
        return new PerDataSet(values);
    }
}
