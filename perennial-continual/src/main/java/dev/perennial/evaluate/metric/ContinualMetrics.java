package dev.perennial.evaluate.metric;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The metrics of continual learning over a {@link ResultMatrix} A[j][i], the score of data set i after experience j.
 *
 * <p>Transfer, Average and Last are those of the MTIL benchmark (ZSCL, arXiv 2303.06628). T is the last measured row. All are over
 * the data sets that the stream teaches, so that held-out sets, which only {@link #zeroShotRetention} takes in, do not change
 * published names; where a stream teaches none of the data sets, all count. Cells that were not measured are left out of every
 * mean, and a data set with none left is left out altogether.
 */
public final class ContinualMetrics {
    private ContinualMetrics() {}

    /** Returns the mean score of each data set over the rows before it is learned; the zero-shot row is not among them. */
    public static PerDataSet transfer(ResultMatrix matrix) {
        return taught(matrix, i -> column(matrix, i, 0, matrix.learnedRow(i)).average());
    }

    /** Returns the mean score of each data set over all rows but the zero-shot row. */
    public static PerDataSet average(ResultMatrix matrix) {
        return taught(
                matrix, i -> column(matrix, i, 0, matrix.experiences().size()).average());
    }

    /** Returns the score of each data set in the last row. */
    public static PerDataSet last(ResultMatrix matrix) {
        return taught(matrix, i -> last(matrix, i));
    }

    /** Returns the score of each data set right after the experience it is learned in: the diagonal. */
    public static PerDataSet learn(ResultMatrix matrix) {
        return taught(matrix, i -> learned(matrix, i));
    }

    /** Returns the mean score of each data set from the row it is learned in (CoLeCLIP's seen average, arXiv 2403.10245). */
    public static PerDataSet seenAverage(ResultMatrix matrix) {
        return taught(
                matrix,
                i -> column(
                                matrix,
                                i,
                                matrix.learnedRow(i),
                                matrix.experiences().size())
                        .average());
    }

    /**
     * Returns the best score of each data set after it was learned and before the last row, minus its score in the last row, in
     * points (Chaudhry et al., arXiv 1801.10112); negative where the last row is better than all before.
     */
    public static PerDataSet forgetting(ResultMatrix matrix) {
        return forgettingAfter(matrix, matrix.lastMeasured().orElse(0));
    }

    /** Returns the forgetting of each data set as if the stream had ended with this experience. */
    public static PerDataSet forgettingAfter(ResultMatrix matrix, int experience) {
        return taught(
                matrix,
                i -> difference(
                        column(matrix, i, matrix.learnedRow(i), experience).max(),
                        column(matrix, i, experience, experience + 1).average()));
    }

    /**
     * Returns the score of each data set in the last row minus that right after it was learned, in points.
     *
     * <p>The mean takes in the data set that the last experience teaches, whose value is always 0; Lopez-Paz and Ranzato (arXiv
     * 1706.08840) leave it out, which multiplies the mean by T / (T - 1).
     */
    public static PerDataSet backwardTransfer(ResultMatrix matrix) {
        return taught(matrix, i -> difference(last(matrix, i), learned(matrix, i)));
    }

    /**
     * Returns the score of each data set just before it is learned minus its zero-shot score, in points (after Lopez-Paz and
     * Ranzato, arXiv 1706.08840, with the zero-shot model as the base line); nothing for data sets of the first experience.
     */
    public static PerDataSet forwardTransfer(ResultMatrix matrix) {
        return taught(matrix, i -> {
            int row = matrix.learnedRow(i);
            return row == matrix.experiences().size()
                    ? OptionalDouble.empty()
                    : difference(column(matrix, i, row - 1, row).average(), matrix.zeroShot(i));
        });
    }

    /**
     * Returns, for each data set before it is learned and for each held-out one, its mean score as a share of its zero-shot score,
     * in percent: 100 means that nothing is lost. A data set with a zero-shot score of 0 is left out.
     */
    public static PerDataSet zeroShotRetention(ResultMatrix matrix) {
        return columns(matrix, IntStream.range(0, matrix.dataSets().size()), i -> {
            double zeroShot = matrix.zeroShot(i).orElse(0);
            return zeroShot == 0
                    ? OptionalDouble.empty()
                    : column(matrix, i, 0, matrix.learnedRow(i))
                            .map(score -> 100 * score / zeroShot)
                            .average();
        });
    }

    private static OptionalDouble last(ResultMatrix matrix, int dataSet) {
        int last = matrix.lastMeasured().orElse(-1);
        return column(matrix, dataSet, last, last + 1).average();
    }

    private static OptionalDouble learned(ResultMatrix matrix, int dataSet) {
        int row = matrix.learnedRow(dataSet);
        return column(matrix, dataSet, row, row + 1).average();
    }

    /** The measured cells of a column from one row to before another, as far as the matrix has these rows. */
    private static DoubleStream column(ResultMatrix matrix, int dataSet, int from, int to) {
        return IntStream.range(
                        Math.max(from, 0), Math.min(to, matrix.experiences().size()))
                .mapToDouble(row -> matrix.cell(row, dataSet))
                .filter(score -> !Double.isNaN(score));
    }

    private static OptionalDouble difference(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() && b.isPresent()
                ? OptionalDouble.of(a.getAsDouble() - b.getAsDouble())
                : OptionalDouble.empty();
    }

    private static PerDataSet taught(ResultMatrix matrix, IntFunction<OptionalDouble> metric) {
        int[] taught = IntStream.range(0, matrix.dataSets().size())
                .filter(i -> matrix.learnedAt(i).isPresent())
                .toArray();
        IntStream columns = taught.length > 0
                ? IntStream.of(taught)
                : IntStream.range(0, matrix.dataSets().size());
        return columns(matrix, columns, metric);
    }

    private static PerDataSet columns(ResultMatrix matrix, IntStream columns, IntFunction<OptionalDouble> metric) {
        return PerDataSet.collect(
                columns.mapToObj(i -> Map.entry(matrix.dataSets().get(i), metric.apply(i)))
                        .toList());
    }
}
