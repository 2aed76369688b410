package dev.perennial.evaluate.metric;

import dev.perennial.evaluate.metric.MetricDefinition.Better;
import java.util.LinkedHashMap;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** The metrics that only online streams have, with what a reader must know about them; A_avg and A_last are {@link IncrementalMetric}s. */
public enum OnlineMetric {
    AREA(new MetricDefinition(
            "anytimeArea",
            "Any-time area",
            "%",
            Better.HIGHER,
            "mean of the accuracies on the test images of all classes seen so far, each time another period of samples has come",
            "A_auc of Si-Blurry and SIT: how good the model was at any time. Early evaluations have few classes and count as much as"
                    + " late ones.")),
    FORGETTING(
            new MetricDefinition(
                    "classForgetting",
                    "Class forgetting",
                    "points",
                    Better.LOWER,
                    "mean over classes of the best accuracy at an earlier end of a session minus that at the end; classes that were never"
                            + " right are left out",
                    "F_last of Si-Blurry and SIT. It also falls where more classes compete, not only where something is forgotten.")),
    RETENTION(
            new MetricDefinition(
                    "controlRetention",
                    "Retention on unseen sets",
                    "% of zero-shot",
                    Better.HIGHER,
                    "mean over control sets i of 100 * A[T][i] / Z[i]",
                    "Share of the zero-shot accuracy on sets that the stream never teaches which is left at its end. 100 is nothing lost.")),
    TAKEN(new MetricDefinition(
            "takenShare",
            "Samples learned from",
            "%",
            Better.HIGHER,
            "100 * samples given to the learner / samples that came",
            "Less than 100 where samples came faster than the learner was done with them and were dropped."));

    private final MetricDefinition definition;

    OnlineMetric(MetricDefinition definition) {
        this.definition = definition;
    }

    /** Returns the name, unit, formula and reading guide. */
    public MetricDefinition definition() {
        return definition;
    }

    /**
     * Returns the metrics that are defined, by key.
     *
     * @param periodic accuracies each time another period of samples had come, in percent
     * @param classAfterSession {@code [sessions, classes]} accuracies in percent
     * @param retention on control sets, in percent
     * @param takenShare in percent
     */
    public static SequencedMap<String, Double> of(
            double[] periodic, double[][] classAfterSession, OptionalDouble retention, double takenShare) {
        var values = new LinkedHashMap<String, Double>();
        if (periodic.length > 0) {
            values.put(AREA.definition.key(), OnlineMetrics.areaUnderCurve(periodic));
        }
        OnlineMetrics.lastForgetting(classAfterSession)
                .ifPresent(points -> values.put(FORGETTING.definition.key(), points));
        retention.ifPresent(share -> values.put(RETENTION.definition.key(), share));
        values.put(TAKEN.definition.key(), takenShare);
        return values;
    }

    /** Returns the mean share of the zero-shot score that is left of each set that no experience teaches, in percent. */
    public static OptionalDouble retention(ResultMatrix matrix) {
        int last = matrix.experiences().size() - 1;
        return IntStream.range(0, matrix.dataSets().size())
                .filter(set -> matrix.learnedAt(set).isEmpty()
                        && matrix.zeroShot(set).orElse(0) > 0
                        && matrix.score(last, set).isPresent())
                .mapToDouble(set -> 100
                        * matrix.score(last, set).orElseThrow()
                        / matrix.zeroShot(set).orElseThrow())
                .average();
    }
}
