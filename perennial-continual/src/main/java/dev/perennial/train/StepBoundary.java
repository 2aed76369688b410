package dev.perennial.train;

import java.util.function.Supplier;

/** Is told when a training stands between two steps, where it can be saved. */
@FunctionalInterface
public interface StepBoundary {
    /** Lets every step follow the one before. */
    StepBoundary NONE = (_, _) -> {};

    /**
     * Is called after a step; an exception ends the training there.
     *
     * @param report what the step did
     * @param state gives the state to save, together with that of the method
     */
    void reached(StepReport report, Supplier<TrainingState> state);
}
