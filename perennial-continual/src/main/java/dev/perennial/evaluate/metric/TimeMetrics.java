package dev.perennial.evaluate.metric;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * TiC-CLIP's means over a time matrix E[i][j], the score of the model of step i on the data of step j (arXiv 2310.16226), in percent.
 *
 * <p>These are plain scores, not differences: for changes against the diagonal or against zero-shot see
 * {@link ContinualMetrics#backwardTransfer} and {@link ContinualMetrics#forwardTransfer}.
 *
 * @param inDomain ID: the mean of the diagonal
 * @param backward BWT: the mean below the diagonal, older data under newer models
 * @param forward FWT: the mean above the diagonal, newer data under older models
 */
public record TimeMetrics(double inDomain, double backward, double forward) {
    /**
     * Returns the means of a square matrix.
     *
     * @param scores {@code [steps, steps]} in percent, every cell measured
     * @throws IllegalArgumentException if the matrix is not square or has fewer than two steps, or a cell is NaN
     */
    public static TimeMetrics of(double[][] scores) {
        int steps = scores.length;
        if (steps < 2) {
            throw new IllegalArgumentException("a time matrix needs at least two steps to look back and ahead");
        }
        double diagonal = 0;
        double below = 0;
        double above = 0;
        for (int i = 0; i < steps; i++) {
            if (scores[i].length != steps) {
                throw new IllegalArgumentException("row " + i + " of the time matrix has " + scores[i].length
                        + " columns for " + steps + " steps");
            }
            diagonal += scores[i][i];
            below += IntStream.range(0, i).mapToDouble(row(scores, i)).sum();
            above += IntStream.range(i + 1, steps).mapToDouble(row(scores, i)).sum();
        }
        if (Double.isNaN(diagonal + below + above)) {
            throw new IllegalArgumentException(
                    "the time matrix has a cell that was not measured; evaluate every step on every step");
        }
        double pairs = steps * (steps - 1) / 2.0;
        return new TimeMetrics(diagonal / steps, below / pairs, above / pairs);
    }

    /** Returns the means of a matrix in which each experience teaches one data set. */
    public static TimeMetrics of(ResultMatrix matrix) {
        return of(matrix.square());
    }

    private static IntToDoubleFunction row(double[][] scores, int i) {
        return j -> scores[i][j];
    }
}
