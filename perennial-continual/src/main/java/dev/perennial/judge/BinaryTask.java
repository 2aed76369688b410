package dev.perennial.judge;

import dev.perennial.evaluate.statistic.Outcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Yes or no by a score: threshold-free as the area under the ROC curve, and as accuracy with thresholds that each fifth of the questions
 * takes from the other four.
 */
final class BinaryTask {
    private static final int FOLDS = 5;

    private final String name;
    private final List<Double> scores = new ArrayList<>();
    private final List<Boolean> truths = new ArrayList<>();

    BinaryTask(String name) {
        this.name = name;
    }

    /** Adds a question; a higher score speaks for yes. */
    void add(double score, boolean yes) {
        scores.add(score);
        truths.add(yes);
    }

    int size() {
        return scores.size();
    }

    List<Measure> measures() {
        int yes = (int) truths.stream().filter(truth -> truth).count();
        int no = size() - yes;
        if (yes < 2 || no < 2 || size() < 2 * FOLDS) {
            return List.of(Measure.notApplicable(
                    name,
                    size(),
                    "too few questions with either answer to choose a threshold: " + yes + " yes, " + no + " no"));
        }
        int[] right = new int[size()];
        for (int fold = 0; fold < FOLDS; fold++) {
            double threshold = threshold(fold);
            for (int i = fold; i < size(); i += FOLDS) {
                right[i] = (scores.get(i) > threshold) == truths.get(i) ? 1 : 0;
            }
        }
        int rightYes = IntStream.range(0, size())
                .filter(truths::get)
                .map(i -> right[i])
                .sum();
        int rightNo = IntStream.of(right).sum() - rightYes;
        return List.of(
                Measure.of(name, Outcomes.of(IntStream.of(right)))
                        .withChance(50)
                        .withMajority(100.0 * Math.max(yes, no) / size())
                        .withNote("threshold from the other four fifths of the questions"),
                Measure.of(name + ", balanced", 50.0 * rightYes / yes + 50.0 * rightNo / no, size())
                        .withChance(50),
                Measure.of(name + ", area under ROC", 100 * areaUnderRoc(), size())
                        .withChance(50)
                        .withNote("needs no threshold"));
    }

    /** The threshold between two scores of the other folds with the best balanced accuracy there. */
    private double threshold(int fold) {
        int[] order = IntStream.range(0, size())
                .filter(i -> i % FOLDS != fold)
                .boxed()
                .sorted((a, b) -> Double.compare(scores.get(a), scores.get(b)))
                .mapToInt(Integer::intValue)
                .toArray();
        double allYes = IntStream.of(order).filter(truths::get).count();
        double allNo = order.length - allYes;
        double best = 0.5;
        double threshold = scores.get(order[0]) - 1;
        int yesBelow = 0;
        for (int i = 0; i < order.length; i++) {
            yesBelow += truths.get(order[i]) ? 1 : 0;
            double next = i + 1 < order.length ? scores.get(order[i + 1]) : scores.get(order[i]) + 2;
            double balanced = (allYes == 0 ? 1 : (allYes - yesBelow) / allYes) / 2
                    + (allNo == 0 ? 1 : (i + 1 - yesBelow) / allNo) / 2;
            if (next > scores.get(order[i]) && balanced > best) {
                best = balanced;
                threshold = (scores.get(order[i]) + next) / 2;
            }
        }
        return threshold;
    }

    /** The share of pairs of a yes and a no in which the yes scores higher; equal ones count half. */
    double areaUnderRoc() {
        double sum = 0;
        long pairs = 0;
        for (int i = 0; i < size(); i++) {
            for (int j = 0; j < size(); j++) {
                if (truths.get(i) && !truths.get(j)) {
                    pairs++;
                    sum += scores.get(i) > scores.get(j) ? 1 : scores.get(i).equals(scores.get(j)) ? 0.5 : 0;
                }
            }
        }
        return sum / pairs;
    }
}
