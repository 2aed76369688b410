package dev.perennial.method;

import dev.perennial.stream.Experience;
import org.bytedeco.pytorch.Tensor;

/**
 * A way to adapt CLIP to one experience after another.
 *
 * <p>The trainer calls {@link #begin}, then {@link #loss} and {@link #stepped} for every batch where the plan asks for gradients,
 * then {@link #end}. Between experiences the method can be asked for the adapted model, and saved and restored.
 */
public interface Method extends AutoCloseable {
    /** Prepares for an experience and says how it is learned. */
    LearningPlan begin(Experience experience);

    /** Returns the loss of a batch of the experience begun last, a scalar with a graph. */
    Tensor loss(Batch batch);

    /** Is called after each optimizer step of an experience. */
    default void stepped(int step) {}

    /** Finishes the experience begun last. */
    void end();

    /** Returns the model as it is now; valid until the method changes or is closed. */
    AdaptedClip adapted();

    /** Returns everything that the method has learned. */
    MethodState save();

    /** Puts back what {@link #save} returned. */
    void restore(MethodState state);

    /** Returns the number of parameters of the model with all that the method added to it. */
    long parameterCount();

    @Override
    void close();
}
