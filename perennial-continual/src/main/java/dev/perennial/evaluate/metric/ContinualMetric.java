package dev.perennial.evaluate.metric;

import dev.perennial.evaluate.metric.MetricDefinition.Better;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;

/** The metrics of {@link ContinualMetrics} with what a reader must know about them, in the order in which they are shown. */
public enum ContinualMetric {
    TRANSFER(
            ContinualMetrics::transfer,
            new MetricDefinition(
                    "transfer",
                    "Transfer",
                    "%",
                    Better.HIGHER,
                    "mean over data sets i of the mean of A[j][i] over the rows j before i is learned",
                    "Accuracy on data sets before they are learned: what is left of the zero-shot ability. It depends on the"
                            + " order of the stream, and a method that never touches the model scores the zero-shot value.")),
    AVERAGE(
            ContinualMetrics::average,
            new MetricDefinition(
                    "average",
                    "Average",
                    "%",
                    Better.HIGHER,
                    "mean over data sets i of the mean of A[j][i] over all rows j",
                    "Accuracy over the whole life of the model, before and after learning alike. Early rows weigh as much as"
                            + " the last.")),
    LAST(
            ContinualMetrics::last,
            new MetricDefinition(
                    "last",
                    "Last",
                    "%",
                    Better.HIGHER,
                    "mean over data sets i of A[T][i], the last row",
                    "Accuracy of the final model on everything that was taught. It says nothing about how the model got"
                            + " there.")),
    LEARN(
            ContinualMetrics::learn,
            new MetricDefinition(
                    "learn",
                    "Learn",
                    "%",
                    Better.HIGHER,
                    "mean over data sets i of A[i][i], right after i is learned",
                    "How well each data set is learned when it comes. Low forgetting is cheap where this is low too.")),
    FORGETTING(
            ContinualMetrics::forgetting,
            new MetricDefinition(
                    "forgetting",
                    "Forgetting",
                    "points",
                    Better.LOWER,
                    "mean over data sets i learned before the last row of max over j from i to T-1 of A[j][i], minus A[T][i]",
                    "Points lost since the best moment after learning; negative where the last row is the best. Read it"
                            + " together with Learn.")),
    BACKWARD_TRANSFER(
            ContinualMetrics::backwardTransfer,
            new MetricDefinition(
                    "backwardTransfer",
                    "Backward transfer",
                    "points",
                    Better.HIGHER,
                    "mean over data sets i of A[T][i] - A[i][i], the last learned one (always 0) included",
                    "What later experiences did to data sets learned earlier: negative is loss, positive is help.")),
    FORWARD_TRANSFER(
            ContinualMetrics::forwardTransfer,
            new MetricDefinition(
                    "forwardTransfer",
                    "Forward transfer",
                    "points",
                    Better.HIGHER,
                    "mean over data sets i after the first of A[i-1][i] - Z[i]",
                    "What earlier experiences did to a data set by the moment it is about to be learned, against"
                            + " zero-shot.")),
    ZERO_SHOT_RETENTION(
            ContinualMetrics::zeroShotRetention,
            new MetricDefinition(
                    "zeroShotRetention",
                    "Zero-shot retention",
                    "% of zero-shot",
                    Better.HIGHER,
                    "mean over data sets i of 100 * (mean of A[j][i] over rows j before i is learned) / Z[i]",
                    "Share of the original zero-shot accuracy that is kept on data sets not learned yet, held-out sets"
                            + " included. 100 is nothing lost; above 100 the stream helped. Data sets near chance level make"
                            + " it jump.")),
    SEEN_AVERAGE(
            ContinualMetrics::seenAverage,
            new MetricDefinition(
                    "seenAverage",
                    "Seen average",
                    "%",
                    Better.HIGHER,
                    "mean over data sets i of the mean of A[j][i] over the rows j from i to T",
                    "Accuracy on data sets from the moment they are learned; unlike Average it leaves zero-shot cells out."));

    private final Function<ResultMatrix, PerDataSet> function;
    private final MetricDefinition definition;

    ContinualMetric(Function<ResultMatrix, PerDataSet> function, MetricDefinition definition) {
        this.function = function;
        this.definition = definition;
    }

    /** Returns the metric of a matrix for each data set for which it is defined. */
    public PerDataSet of(ResultMatrix matrix) {
        return function.apply(matrix);
    }

    /** Returns the name, unit, formula and reading guide. */
    public MetricDefinition definition() {
        return definition;
    }

    /** Returns the mean of every metric that is defined for a matrix, by key. */
    public static SequencedMap<String, Double> means(ResultMatrix matrix) {
        var means = new LinkedHashMap<String, Double>();
        for (ContinualMetric metric : values()) {
            metric.of(matrix).mean().ifPresent(mean -> means.put(metric.definition.key(), mean));
        }
        return means;
    }
}
