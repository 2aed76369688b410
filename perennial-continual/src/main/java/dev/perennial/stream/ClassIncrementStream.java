package dev.perennial.stream;

import dev.perennial.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A stream in which the classes of one data set come in groups (class-incremental learning as in Continual-CLIP, arXiv 2210.03114).
 *
 * <p>An experience knows the classes of its own group only, labelled from 0 in the order in which they come.
 */
final class ClassIncrementStream {
    private ClassIncrementStream() {}

    static ExperienceStream open(
            Streams data, StreamSpec spec, ClassIncrementSpec increment, List<EvaluationSet> control) {
        Dataset train = data.train(spec, increment.data(), increment.trainLimit());
        Dataset test = data.open(increment.data(), Streams.TEST, increment.testLimit());
        List<String> names = train.classNames();
        if (!names.equals(test.classNames())) {
            throw new IllegalArgumentException(
                    "the splits of " + train.name() + " differ in their classes; name them with data.classes");
        }
        int[] order = Ordering.of(spec.order(), spec.orders(), spec.orderSeed(), names);
        int[] ends = ends(names.size(), increment, train.name());
        List<Experience> experiences = new ArrayList<>();
        List<EvaluationSet> sets = new ArrayList<>();
        for (int i = 0, from = 0; i < ends.length; from = ends[i++]) {
            List<String> group =
                    Arrays.stream(order, from, ends[i]).mapToObj(names::get).toList();
            String name = "classes " + (from + 1) + "-" + ends[i];
            var labels = new Supervision.Labels(group, Streams.templates(train));
            experiences.add(new Experience(i, name, group(train, group), labels));
            sets.add(new EvaluationSet(name, group(test, group), labels, OptionalInt.of(i)));
        }
        return new ExperienceStream(spec.name(), experiences, Streams.joined(sets, control));
    }

    /** Returns the number of classes that have come after each experience. */
    private static int[] ends(int classes, ClassIncrementSpec increment, String dataset) {
        int base = increment.base().orElse(increment.increment());
        if (classes < base || (classes - base) % increment.increment() != 0) {
            throw new IllegalArgumentException("the " + classes + " classes of " + dataset + " cannot be cut into "
                    + base + " and then groups of " + increment.increment() + "; choose another base or increment");
        }
        return IntStream.iterate(base, end -> end <= classes, end -> end + increment.increment())
                .toArray();
    }

    /** A sample whose record cannot be read stays in every group, so that it is counted and never hidden. */
    private static Dataset group(Dataset dataset, List<String> group) {
        List<String> names = dataset.classNames();
        int[] labels = dataset.labels();
        return dataset.select(
                        position -> labels[position] == Dataset.NO_LABEL || group.contains(names.get(labels[position])))
                .relabel("class", group);
    }
}
