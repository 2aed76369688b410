package dev.perennial.method;

import dev.perennial.stream.Experience;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A way to adapt CLIP to one experience after another.
 *
 * <p>The trainer calls {@link #begin}, then {@link #loss} and {@link #stepped} for every batch where the plan asks for gradients,
 * or the plan's learner where it asks for {@linkplain LearningPlan.Passes passes}, then {@link #end}. Between experiences the method can be
 * asked for the adapted model.
 *
 * <p>An online stream is one experience that lasts as long as the stream: its sessions are never told, its samples come once, and the
 * classes seen so far come with every {@linkplain Batch#supervision batch}. The adapted model is then asked for between any two steps.
 *
 * <p><b>A run may stop after any step and go on in another process, with results equal bit for bit to those of a run that never
 * stopped.</b> The new process creates the method anew from the same pretrained model and options and calls {@link #restore}. If
 * the state was saved in the middle of an experience, {@link #resume} takes the place of {@link #begin}, and the next steps follow.
 * Three rules make this exact:
 *
 * <ul>
 *   <li>{@link #save} holds everything on which later results depend and which does not follow from the pretrained model, the
 *       options and the experience alone: learned weights, running averages, replay memories, counters, and what {@link #begin}
 *       made of earlier weights, such as a teacher or a statistic of the data.
 *   <li>{@link #resume} rebuilds the rest from the experience (prompts, class tables, parameter groups) and initialises nothing
 *       that learns.
 *   <li>Random numbers come from the named streams that {@link MethodProvider#create} is given, or from the engine's own
 *       generator (dropout), which is seeded from them before the method is created,
 *       before {@link #begin} and before every step. The run keeps the
 *       positions of all named streams and puts them back after {@link #restore} and {@link #resume}, which may therefore draw. A
 *       generator that a method derives for itself belongs into its state.
 * </ul>
 */
public interface Method extends AutoCloseable {
    /** Prepares for an experience and says how it is learned. */
    LearningPlan begin(Experience experience);

    /**
     * Goes on with the experience in the middle of which the restored state was saved.
     *
     * @return the plan that {@link #begin} had returned: the same groups with parameters of the same names in the same order, at
     *     their restored values
     */
    LearningPlan resume(Experience experience);

    /** Returns the loss of a batch of the experience begun last, a scalar with a graph. */
    Tensor loss(Batch batch);

    /**
     * Is called after each optimizer step of an experience; not for a step that was skipped because its numbers were not finite.
     *
     * @param step counted from 0 in each experience
     */
    default void stepped(int step) {}

    /**
     * Is called before the first step of a cooldown where the next experience is to go on from the weights before it: the method keeps them
     * and begins the next experience with them. It may be called once more after an interruption, with the same weights.
     *
     * @see #canBranch
     */
    default void cooling() {
        throw new UnsupportedOperationException("the method does not go on from before a cooldown");
    }

    /** Tells whether an experience of this method can go on from the weights before the last cooldown; see {@link #cooling}. */
    default boolean canBranch() {
        return false;
    }

    /** Finishes the experience begun last. */
    void end();

    /** Returns the model as it is now; valid until the method changes or is closed. */
    AdaptedClip adapted();

    /**
     * Returns everything that later results depend on, and changes nothing; is called between experiences and between any two
     * steps.
     *
     * <p>All floating-point tensors must be finite: a checkpoint refuses others. The tensors may be views of the method's own and
     * are valid until the method changes or is closed.
     */
    MethodState save();

    /**
     * Puts back what {@link #save} returned; the values are copied.
     *
     * @param state of a method of the same options and pretrained model
     */
    void restore(MethodState state);

    /**
     * Tells whether images that are unlike those learned are embedded exactly as by the pretrained model, however much was learned:
     * an index of their embeddings then stays valid.
     */
    default boolean keepsUnseenImages() {
        return false;
    }

    /**
     * Tells whether the weights of the pretrained model stay byte for byte as they were, because all that is learned stands beside
     * them: what was learned can then be kept in a file of its own, and several such files share one copy of the model.
     */
    default boolean leavesPretrainedWeights() {
        return false;
    }

    /** Returns the tower that a parameter of its groups belongs to; none for what belongs to neither or to both. */
    default Optional<Tower> tower(String parameter) {
        return Tower.of(parameter);
    }

    /** Returns what it has to say of itself in the report of a run, after an experience; nothing if the usual tables say all. */
    default List<MethodTable> tables() {
        return List.of();
    }

    /** Returns the number of parameters of the model with all that the method added to it. */
    long parameterCount();

    @Override
    void close();
}
