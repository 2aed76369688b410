package dev.perennial.evaluate.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Class-incremental accuracy: after each task, over the pooled images of all classes seen so far, in percent.
 *
 * <p>Average and Last are those of Continual-CLIP (arXiv 2210.03114), ZSCL and MoE-Adapters. Images are pooled, so a task with more
 * test images weighs more; the mean over tasks is another number.
 *
 * @param accuracies the accuracy after each task
 * @param perTask after each task, the accuracy on the images of each task so far; empty if only the pooled numbers are known
 */
public record ClassIncrementMetrics(List<Double> accuracies, List<List<Double>> perTask) {
    /** Keeps copies. */
    public ClassIncrementMetrics {
        if (accuracies.isEmpty()) {
            throw new IllegalArgumentException("class-incremental metrics need the accuracy after at least one task");
        }
        accuracies = List.copyOf(accuracies);
        perTask = perTask.stream().map(List::copyOf).toList();
    }

    /** Returns the metrics of accuracies that are known already, in percent. */
    public static ClassIncrementMetrics of(double... accuracies) {
        return new ClassIncrementMetrics(Arrays.stream(accuracies).boxed().toList(), List.of());
    }

    /**
     * Returns the metrics of predictions.
     *
     * @param classesPerTask the number of classes that each task adds; classes are numbered in the order in which they come
     * @param labels the true class of each test image
     * @param predictions after each task, the predicted class of each test image; -1 for images of classes not seen yet
     * @throws IllegalArgumentException if sizes differ, a task has no test image, or an image of a seen class has no prediction
     */
    public static ClassIncrementMetrics of(int[] classesPerTask, int[] labels, List<int[]> predictions) {
        if (predictions.size() > classesPerTask.length) {
            throw new IllegalArgumentException(
                    predictions.size() + " rows of predictions for " + classesPerTask.length + " tasks");
        }
        int[] taskOf = taskOfClass(classesPerTask);
        var accuracies = new ArrayList<Double>();
        var perTask = new ArrayList<List<Double>>();
        for (int task = 0; task < predictions.size(); task++) {
            int[] predicted = predictions.get(task);
            if (predicted.length != labels.length) {
                throw new IllegalArgumentException(
                        predicted.length + " predictions after task " + task + " for " + labels.length + " images");
            }
            int[] total = new int[task + 1];
            int[] correct = new int[task + 1];
            for (int i = 0; i < labels.length; i++) {
                int home = taskOf[labels[i]];
                if (home <= task) {
                    if (predicted[i] < 0) {
                        throw new IllegalArgumentException("image " + i + " of the seen class " + labels[i]
                                + " has no prediction after task " + task);
                    }
                    total[home]++;
                    correct[home] += predicted[i] == labels[i] ? 1 : 0;
                }
            }
            accuracies.add(
                    100.0 * Arrays.stream(correct).sum() / Arrays.stream(total).sum());
            perTask.add(IntStream.rangeClosed(0, task)
                    .mapToObj(home -> share(correct[home], total[home], home))
                    .toList());
        }
        return new ClassIncrementMetrics(accuracies, perTask);
    }

    /**
     * Returns the metrics of a matrix that was measured over the pooled classes seen so far: each cell weighs as much as it has
     * images. Data sets that no experience teaches take no part; rows that were not measured are left out.
     *
     * @param samples the number of test images of each data set, in the order of the columns
     * @return nothing if no row was measured
     */
    public static Optional<ClassIncrementMetrics> of(ResultMatrix matrix, List<Long> samples) {
        var accuracies = new ArrayList<Double>();
        var perTask = new ArrayList<List<Double>>();
        for (int row = 0; row < matrix.experiences().size(); row++) {
            int experience = row;
            int[] seen = IntStream.range(0, matrix.dataSets().size())
                    .filter(set -> matrix.seen(experience, set)
                            && matrix.score(experience, set).isPresent())
                    .toArray();
            double images = Arrays.stream(seen).mapToLong(samples::get).sum();
            if (images > 0) {
                accuracies.add(Arrays.stream(seen)
                        .mapToDouble(set -> matrix.score(experience, set).orElseThrow() * samples.get(set) / images)
                        .sum());
                perTask.add(Arrays.stream(seen)
                        .mapToObj(set -> matrix.score(experience, set).orElseThrow())
                        .toList());
            }
        }
        return accuracies.isEmpty() ? Optional.empty() : Optional.of(new ClassIncrementMetrics(accuracies, perTask));
    }

    /** Returns the mean of the accuracies after each task. */
    public double average() {
        return accuracies.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Returns the accuracy after the last task. */
    public double last() {
        return accuracies.getLast();
    }

    private static double share(int correct, int total, int task) {
        if (total == 0) {
            throw new IllegalArgumentException("task " + task + " has no test image");
        }
        return 100.0 * correct / total;
    }

    private static int[] taskOfClass(int[] classesPerTask) {
        return IntStream.range(0, classesPerTask.length)
                .flatMap(task -> IntStream.generate(() -> task).limit(classesPerTask[task]))
                .toArray();
    }
}
