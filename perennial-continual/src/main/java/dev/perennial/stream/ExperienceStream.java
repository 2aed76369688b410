package dev.perennial.stream;

import java.util.List;
import java.util.Optional;

/**
 * Experiences in the order in which they arrive, and the sets to judge on.
 *
 * @param name what it is called in results
 * @param experiences in order, at least one
 * @param evaluationSets columns of the result matrix, those of the experiences first, in order
 * @param arrivals how the samples come in an online stream, whose experiences are sessions that a learner is not told of; absent where
 *     a learner is given one experience after another
 */
public record ExperienceStream(
        String name, List<Experience> experiences, List<EvaluationSet> evaluationSets, Optional<Arrivals> arrivals)
        implements AutoCloseable {
    /** Keeps unchangeable copies. */
    public ExperienceStream {
        experiences = List.copyOf(experiences);
        evaluationSets = List.copyOf(evaluationSets);
        if (experiences.isEmpty()) {
            throw new IllegalArgumentException("stream '" + name + "' has no experience; list at least one task");
        }
    }

    /** Makes a stream whose experiences are given to a learner one after another. */
    public ExperienceStream(String name, List<Experience> experiences, List<EvaluationSet> evaluationSets) {
        this(name, experiences, evaluationSets, Optional.empty());
    }

    @Override
    public void close() {
        experiences.forEach(experience -> experience.train().close());
        evaluationSets.forEach(set -> set.test().close());
    }
}
