package dev.perennial.method.replay;

import dev.perennial.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Herding: picks feature rows one by one so that the mean of those picked stays as close as can be to the mean of all (Rebuffi et al.
 * 2017, arXiv 1611.07725, algorithm 4).
 */
final class HerdedSelection {
    private HerdedSelection() {}

    /**
     * Returns up to {@code count} rows, best first; rows of zeros, which stand for samples that cannot be read, are left out.
     *
     * @param features rows of length one, {@code [samples, width]}
     */
    static int[] of(float[][] features, int count) {
        return among(features, IntStream.range(0, features.length).toArray(), count);
    }

    /** Returns up to {@code count} rows, as many of each class as there are, one of each class after the other, best first. */
    static int[] byClass(float[][] features, int[] labels, int count) {
        int[] classes = Arrays.stream(labels)
                .filter(label -> label != Dataset.NO_LABEL)
                .distinct()
                .sorted()
                .toArray();
        int each = Math.ceilDiv(count, Math.max(1, classes.length));
        List<int[]> chosen = Arrays.stream(classes)
                .mapToObj(label -> IntStream.range(0, labels.length)
                        .filter(i -> labels[i] == label)
                        .toArray())
                .map(own -> among(features, own, each))
                .toList();
        return IntStream.range(0, each)
                .flatMap(
                        rank -> chosen.stream().filter(own -> rank < own.length).mapToInt(own -> own[rank]))
                .limit(count)
                .toArray();
    }

    private static int[] among(float[][] features, int[] candidates, int count) {
        int[] usable = Arrays.stream(candidates)
                .filter(candidate -> dot(features[candidate], features[candidate]) > 0)
                .toArray();
        double[] mean = mean(features, usable);
        boolean[] taken = new boolean[usable.length];
        int[] chosen = new int[Math.min(count, usable.length)];
        // With |f| = 1, the f that brings (sum + f) / k closest to the mean is the one with the largest f . (k mean -
        // sum).
        double[] direction = new double[mean.length];
        for (int k = 0; k < chosen.length; k++) {
            for (int i = 0; i < mean.length; i++) {
                direction[i] += mean[i];
            }
            int best = farthest(features, usable, taken, direction);
            taken[best] = true;
            chosen[k] = usable[best];
            for (int i = 0; i < direction.length; i++) {
                direction[i] -= features[chosen[k]][i];
            }
        }
        return chosen;
    }

    /** Returns the place of the row that lies farthest along a direction, of those that are not taken. */
    private static int farthest(float[][] features, int[] usable, boolean[] taken, double[] direction) {
        int best = 0;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (int place = 0; place < usable.length; place++) {
            double score = taken[place] ? Double.NEGATIVE_INFINITY : dot(features[usable[place]], direction);
            if (score > bestScore) {
                best = place;
                bestScore = score;
            }
        }
        return best;
    }

    private static double[] mean(float[][] features, int[] usable) {
        double[] mean = new double[features.length == 0 ? 0 : features[0].length];
        for (int row : usable) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (double) features[row][i] / usable.length;
            }
        }
        return mean;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double dot(float[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
