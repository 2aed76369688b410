package dev.perennial.evaluate.metric;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Metrics of online streams with blurry task borders (Si-Blurry, arXiv 2308.09303; SIT).
 *
 * @param areaUnderCurve A_auc: the mean of the accuracies measured at a fixed period of samples on all classes exposed so far
 * @param average A_avg: the mean of the accuracies at the end of each task
 * @param last A_last: the accuracy at the end of the last task
 * @param lastForgetting F_last: see {@link #lastForgetting}; nothing if no class had been right before the last task
 */
public record OnlineMetrics(double areaUnderCurve, double average, double last, OptionalDouble lastForgetting) {
    /**
     * Returns the metrics of a finished stream.
     *
     * @param periodic the accuracy each time another period of samples has passed, in percent
     * @param afterTask the accuracy at the end of each task, in percent
     * @param classAfterTask {@code [tasks, classes]} accuracy of each class at the end of each task, in percent
     * @throws IllegalArgumentException if there is no periodic accuracy or no task
     */
    public static OnlineMetrics of(double[] periodic, double[] afterTask, double[][] classAfterTask) {
        return new OnlineMetrics(
                areaUnderCurve(periodic),
                mean("accuracy at the end of a task", afterTask),
                afterTask[afterTask.length - 1],
                lastForgetting(classAfterTask));
    }

    /** Returns A_auc, the mean of the periodic accuracies. */
    public static double areaUnderCurve(double... periodic) {
        return mean("periodic accuracy", periodic);
    }

    /**
     * Returns F_last: over the classes whose best accuracy at an earlier task end is not zero, the mean of that best minus the
     * accuracy at the last task end, in the unit of the accuracies; nothing if there is no such class.
     *
     * @param classAfterTask {@code [tasks, classes]}; zero for classes that have not come yet
     */
    public static OptionalDouble lastForgetting(double[][] classAfterTask) {
        if (classAfterTask.length == 0) {
            return OptionalDouble.empty();
        }
        double[] last = classAfterTask[classAfterTask.length - 1];
        double[] best = new double[last.length];
        for (int task = 0; task < classAfterTask.length - 1; task++) {
            for (int c = 0; c < best.length; c++) {
                best[c] = Math.max(best[c], classAfterTask[task][c]);
            }
        }
        return IntStream.range(0, best.length)
                .filter(c -> best[c] > 0)
                .mapToDouble(c -> best[c] - last[c])
                .average();
    }

    private static double mean(String what, double[] values) {
        return Arrays.stream(values)
                .average()
                .orElseThrow(() -> new IllegalArgumentException("online metrics need at least one " + what));
    }
}
