package dev.perennial.method;

import java.util.List;

/** How a method learns an experience. */
public sealed interface LearningPlan {
    /** There is nothing to compute: the data are not looked at. */
    record Nothing() implements LearningPlan {}

    /**
     * Batches, gradients and an optimizer.
     *
     * @param groups what is trained
     */
    record Gradients(List<ParameterGroup> groups) implements LearningPlan {
        /** Keeps an unchangeable copy. */
        public Gradients {
            groups = List.copyOf(groups);
        }
    }
}
