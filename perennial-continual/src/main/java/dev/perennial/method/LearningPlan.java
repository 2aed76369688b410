package dev.perennial.method;

import dev.perennial.data.Dataset;
import dev.perennial.stream.Experience;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** How a method learns an experience. */
public sealed interface LearningPlan {
    /** There is nothing to compute: the data are not looked at. */
    record Nothing() implements LearningPlan {}

    /**
     * Batches, gradients and an optimizer.
     *
     * @param groups what is trained
     * @param other what is learned in place of the experience itself, such as its data with older ones; absent for the experience
     * @param budget multiple of the configured number of steps, positive
     */
    record Gradients(List<ParameterGroup> groups, Optional<Experience> other, double budget) implements LearningPlan {
        /** Keeps an unchangeable copy. */
        public Gradients {
            groups = List.copyOf(groups);
        }

        /** Plans to learn the experience itself in the configured number of steps. */
        public Gradients(List<ParameterGroup> groups) {
            this(groups, Optional.empty(), 1);
        }

        /** Returns the plan to learn something else in a multiple of the steps. */
        public Gradients over(Experience something, double multiple) {
            return new Gradients(groups, Optional.of(something), multiple);
        }
    }

    /**
     * Gradients over examples of the method's own, such as single captions, in place of the experience's samples.
     *
     * @param groups what is trained
     * @param examples counted as samples of the experience; their images are neither read nor prepared, so batches have no pixels
     */
    record Examples(List<ParameterGroup> groups, Dataset examples) implements LearningPlan {
        /** Keeps an unchangeable copy. */
        public Examples {
            groups = List.copyOf(groups);
        }
    }

    /**
     * Batches without gradients, for what is solved in closed form: the trainer shows each batch, and the method solves when the
     * experience ends. Length, batch size and augmentation are the configured ones; optimizer and learning rate do not matter.
     *
     * @param learner takes in a batch; runs in the configured precision, in a scope of its own
     */
    record Passes(Consumer<Batch> learner) implements LearningPlan {}
}
