package dev.perennial.stream;

import java.util.List;

/**
 * Experiences in the order in which they arrive, and the sets to judge on.
 *
 * @param name what it is called in results
 * @param experiences in order, at least one
 * @param evaluationSets columns of the result matrix, those of the experiences first, in order
 */
public record ExperienceStream(String name, List<Experience> experiences, List<EvaluationSet> evaluationSets)
        implements AutoCloseable {
    /** Keeps unchangeable copies. */
    public ExperienceStream {
        experiences = List.copyOf(experiences);
        evaluationSets = List.copyOf(evaluationSets);
        if (experiences.isEmpty()) {
            throw new IllegalArgumentException("stream '" + name + "' has no experience; list at least one task");
        }
    }

    @Override
    public void close() {
        experiences.forEach(experience -> experience.train().close());
        evaluationSets.forEach(set -> set.test().close());
    }
}
