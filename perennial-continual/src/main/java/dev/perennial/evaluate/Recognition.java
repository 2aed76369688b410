package dev.perennial.evaluate;

import dev.perennial.stream.EvaluationSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * What a model that recognises tasks took the samples of each data set for, each sample alone: a confusion table of data sets and
 * learned experiences.
 *
 * @param takenFor the columns: the learned experiences, by the name of a data set that each teaches, and last {@link #NONE}
 * @param shares in percent of the samples of a data set, by column
 */
public record Recognition(List<String> takenFor, SequencedMap<String, List<Double>> shares) {
    /** Stands for samples that were taken for none of the learned experiences. */
    public static final String NONE = "none";

    private static final String TITLE = "taken for ";

    /** Keeps unchangeable copies. */
    public Recognition {
        takenFor = List.copyOf(takenFor);
        SequencedMap<String, List<Double>> copies = new LinkedHashMap<>();
        shares.forEach((dataSet, row) -> copies.put(dataSet, List.copyOf(row)));
        shares = Collections.unmodifiableSequencedMap(copies);
    }

    /** Returns the table of a run after its last experience, if its model recognises tasks. */
    public static Optional<Recognition> of(RunSummary summary) {
        List<String> titles = summary.perDataSet().values().stream()
                .flatMap(metrics -> metrics.keySet().stream())
                .filter(Recognition::isShare)
                .distinct()
                .toList();
        SequencedMap<String, List<Double>> shares = new LinkedHashMap<>();
        summary.perDataSet().forEach((dataSet, metrics) -> {
            if (metrics.keySet().stream().anyMatch(Recognition::isShare)) {
                shares.put(
                        dataSet,
                        titles.stream()
                                .map(title -> metrics.getOrDefault(title, 0.0))
                                .toList());
            }
        });
        return titles.isEmpty()
                ? Optional.empty()
                : Optional.of(new Recognition(
                        titles.stream()
                                .map(title -> title.substring(TITLE.length()))
                                .toList(),
                        shares));
    }

    /** Tells whether a metric of a data set, by its title, is a cell of this table. */
    public static boolean isShare(String title) {
        return title.startsWith(TITLE);
    }

    /** Counts what the samples of one data set are taken for. */
    static final class Tally {
        private final List<String> names;
        private final List<Optional<Integer>> decisions = new ArrayList<>();

        /**
         * Starts counting.
         *
         * @param sets all sets that are judged on
         * @param learned number of experiences that were learned
         */
        Tally(List<EvaluationSet> sets, int learned) {
            names = IntStream.range(0, learned)
                    .mapToObj(experience -> sets.stream()
                            .filter(set -> set.learnedIn().equals(OptionalInt.of(experience)))
                            .map(EvaluationSet::name)
                            .findFirst()
                            .orElse("experience " + (experience + 1)))
                    .toList();
        }

        void add(List<OptionalInt> recognized) {
            recognized.forEach(experience ->
                    decisions.add(experience.isPresent() ? Optional.of(experience.getAsInt()) : Optional.empty()));
        }

        /** Adds the shares by title, in percent, if anything was counted. */
        void addTo(Map<String, Double> metrics) {
            if (decisions.isEmpty()) {
                return;
            }
            for (int experience = 0; experience < names.size(); experience++) {
                metrics.put(TITLE + names.get(experience), share(Optional.of(experience)));
            }
            metrics.put(TITLE + NONE, share(Optional.empty()));
        }

        private double share(Optional<Integer> decision) {
            return 100.0 * Collections.frequency(decisions, decision) / decisions.size();
        }
    }
}
