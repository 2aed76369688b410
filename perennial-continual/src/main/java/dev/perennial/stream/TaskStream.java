package dev.perennial.stream;

import dev.perennial.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A stream in which every experience is one data set, as in the MTIL benchmark (ZSCL, arXiv 2303.06628). */
final class TaskStream {
    private TaskStream() {}

    static ExperienceStream open(Streams data, StreamSpec spec, List<EvaluationSet> control) {
        int[] order = Ordering.of(
                spec.order(),
                spec.orders(),
                spec.orderSeed(),
                spec.tasks().stream().map(TaskSpec::name).toList());
        List<Experience> experiences = new ArrayList<>();
        List<EvaluationSet> sets = new ArrayList<>();
        for (int i = 0; i < order.length; i++) {
            TaskSpec task = spec.tasks().get(order[i]);
            Dataset train = data.train(spec, task.data(), task.trainLimit());
            experiences.add(new Experience(
                    i,
                    task.name(),
                    train,
                    supervision(task, train),
                    task.learningRateFactor().orElse(1)));
            sets.add(evaluationSet(data, task, OptionalInt.of(i)));
        }
        return new ExperienceStream(spec.name(), experiences, Streams.joined(sets, control));
    }

    static EvaluationSet evaluationSet(Streams data, TaskSpec task, OptionalInt learnedIn) {
        Dataset test = data.open(task.data(), Streams.TEST, task.testLimit());
        return new EvaluationSet(task.name(), test, supervision(task, test), learnedIn);
    }

    private static Supervision supervision(TaskSpec task, Dataset dataset) {
        if (task.captions().isPresent()) {
            return new Supervision.Captions(task.captions().get());
        }
        if (dataset.classNames().isEmpty()) {
            throw new IllegalArgumentException("task '" + task.name()
                    + "' has no classes; name them with data.classes or data.class-attribute, or set captions");
        }
        return new Supervision.Labels(dataset.classNames(), Streams.templates(dataset));
    }
}
