package dev.perennial.evaluate;

import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.method.Candidates;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What the samples of a set are classified among under a protocol.
 *
 * @param candidates the classes to choose from
 * @param positions the place of each class of the set among the candidates, by label
 * @param task the experience that the samples are known to belong to; absent where nothing is told
 */
record LabelSpace(Candidates candidates, List<Integer> positions, OptionalInt task) {
    LabelSpace {
        positions = List.copyOf(positions);
    }

    /**
     * Returns the label space of a labelled set.
     *
     * @param sets all sets that are judged on, those of the experiences first, in order
     * @param learned number of experiences that were learned
     */
    static LabelSpace of(Protocol protocol, EvaluationSet set, List<EvaluationSet> sets, int learned) {
        boolean control = set.learnedIn().isEmpty();
        return switch (protocol) {
            case TASK_AWARE -> own(set, set.learnedIn());
            case POOLED ->
                control || set.learnedIn().getAsInt() >= learned
                        ? own(set, OptionalInt.empty())
                        : merged(set, taught(sets, index -> index < learned));
            case POOLED_ALL -> control ? own(set, OptionalInt.empty()) : apart(set, taught(sets, _ -> true));
        };
    }

    /** The set's own names. */
    static LabelSpace own(EvaluationSet set, OptionalInt task) {
        Supervision.Labels labels = labels(set);
        return new LabelSpace(new Candidates(labels.classNames(), labels.templates()), places(0, labels), task);
    }

    /** Each name once, in order of first appearance; a name of several sets gets the templates of all of them. */
    private static LabelSpace merged(EvaluationSet set, List<EvaluationSet> sets) {
        Map<String, List<String>> templatesByName = new LinkedHashMap<>();
        for (EvaluationSet other : sets) {
            Supervision.Labels labels = labels(other);
            labels.classNames()
                    .forEach(name -> templatesByName
                            .computeIfAbsent(name, _ -> new ArrayList<>())
                            .addAll(labels.templates().templates()));
        }
        List<String> names = List.copyOf(templatesByName.keySet());
        Map<String, Integer> places = new LinkedHashMap<>();
        names.forEach(name -> places.put(name, places.size()));
        var candidates = new Candidates(
                names,
                templatesByName.values().stream().map(PromptTemplates::new).toList());
        return new LabelSpace(
                candidates, labels(set).classNames().stream().map(places::get).toList(), OptionalInt.empty());
    }

    /** The names of all sets one after the other; a name of several sets stands for a class of each. */
    private static LabelSpace apart(EvaluationSet set, List<EvaluationSet> sets) {
        List<String> names = new ArrayList<>();
        List<PromptTemplates> templates = new ArrayList<>();
        List<Integer> positions = List.of();
        for (EvaluationSet other : sets) {
            Supervision.Labels labels = labels(other);
            if (other.learnedIn().equals(set.learnedIn())) {
                positions = places(names.size(), labels);
            }
            names.addAll(labels.classNames());
            labels.classNames().forEach(_ -> templates.add(labels.templates()));
        }
        return new LabelSpace(new Candidates(names, templates), positions, OptionalInt.empty());
    }

    private static List<EvaluationSet> taught(List<EvaluationSet> sets, Predicate<Integer> experience) {
        return sets.stream()
                .filter(set -> set.learnedIn().isPresent()
                        && experience.test(set.learnedIn().getAsInt()))
                .filter(set -> set.supervision() instanceof Supervision.Labels)
                .toList();
    }

    private static List<Integer> places(int first, Supervision.Labels labels) {
        List<Integer> places = new ArrayList<>();
        labels.classNames().forEach(_ -> places.add(first + places.size()));
        return places;
    }

    private static Supervision.Labels labels(EvaluationSet set) {
        if (set.supervision() instanceof Supervision.Labels labels) {
            return labels;
        }
        throw new IllegalArgumentException("data set '" + set.name() + "' has captions and no classes");
    }
}
