package dev.perennial.method.tune;

import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.stream.Experience;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a method adds to fine-tuning so that less is forgotten: a term of the loss, other data beside
 * those that arrive, or a change of the weights beside the optimizer.
 * {@link dev.perennial.method.Method} says how its parts go on after an interruption.
 */
public interface Safeguard extends AutoCloseable {
    /** Returns the name of its part of the saved state. */
    String name();

    /** Prepares for an experience. */
    default void begin(Experience experience, StartingModel start) {}

    /** Prepares for the rest of an experience after {@link #restore}. */
    default void resume(Experience experience, StartingModel start) {}

    /**
     * Returns the plan of an experience that has begun, with other data or another length if need be; draws nothing, since it is asked
     * again where the rest of an experience is learned.
     */
    default LearningPlan.Gradients plan(LearningPlan.Gradients own, Experience experience) {
        return own;
    }

    /** Returns what is added to the loss of a batch, a scalar; nothing if it plays no part now. */
    default Optional<Tensor> term(Batch batch, Forward forward) {
        return Optional.empty();
    }

    /** Is called after each step of the optimizer, counted from 0. */
    default void stepped(int step) {}

    /**
     * Tells whether the next experience may go on from the weights before the cooldown: not where the safeguard itself says with which weights
     * an experience begins or ends.
     */
    default boolean canBranch() {
        return true;
    }

    /** Is called when all steps of an experience are taken. */
    default void end(Experience experience, StartingModel start) {}

    /** Adds what {@link #restore} needs. */
    default void save(StateWriter state) {}

    /** Puts back what was saved, between experiences or in the middle of one. */
    default void restore(StateReader state) {}

    @Override
    default void close() {}
}
