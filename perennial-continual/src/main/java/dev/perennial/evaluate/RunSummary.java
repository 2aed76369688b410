package dev.perennial.evaluate;

import dev.perennial.evaluate.metric.MetricDefinition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything about a run but its cells and its sample predictions.
 *
 * @param run the name of the run
 * @param method the name of the method
 * @param protocol which class names samples were classified among
 * @param model the pretrained model
 * @param stream the name of the stream
 * @param experiences all experiences of the stream, in order, also those that the run has not reached
 * @param dataSets the data sets, in the order of the columns of the result matrix
 * @param metrics the value of each metric by key
 * @param definitions what the metrics mean
 * @param perDataSet further metrics of single data sets after the last experience, such as R@1 or the mean per-class recall: by data
 *     set, then by title; empty if there are none
 * @param costs time and memory
 * @param parameters what was trained
 * @param provenance what is needed to repeat the run
 */
public record RunSummary(
        String run,
        String method,
        Protocol protocol,
        ModelInfo model,
        String stream,
        List<ExperienceInfo> experiences,
        List<DataSetInfo> dataSets,
        Map<String, Double> metrics,
        List<MetricDefinition> definitions,
        Map<String, Map<String, Double>> perDataSet,
        RunCosts costs,
        ParameterCounts parameters,
        Provenance provenance) {
    /** Keeps copies in order and checks that metrics are numbers. */
    public RunSummary {
        experiences = List.copyOf(experiences);
        dataSets = List.copyOf(dataSets);
        metrics = numbers("metric", metrics);
        definitions = List.copyOf(definitions);
        var further = new LinkedHashMap<String, Map<String, Double>>();
        perDataSet.forEach((dataSet, values) -> further.put(dataSet, numbers("metric of '" + dataSet + "',", values)));
        perDataSet = Collections.unmodifiableMap(further);
    }

    /** Returns the names of the experiences, in order. */
    public List<String> experienceNames() {
        return experiences.stream().map(ExperienceInfo::name).toList();
    }

    /** Returns the names of the data sets, in order. */
    public List<String> dataSetNames() {
        return dataSets.stream().map(DataSetInfo::name).toList();
    }

    private static Map<String, Double> numbers(String what, Map<String, Double> values) {
        values.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "the " + what + " '" + name + "' is " + value + "; leave out what is not defined");
            }
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
