package dev.perennial.stream;

import dev.perennial.data.Dataset;
import java.util.List;
import java.util.stream.Stream;

/**
 * One step of a stream: data that arrive together and are then gone.
 *
 * @param index position in the stream, counted from 0
 * @param name what it is called in results
 * @param train what is learned
 * @param supervision what tells the meaning of its images
 * @param learningRateFactor multiplies the configured learning rate
 */
public record Experience(int index, String name, Dataset train, Supervision supervision, double learningRateFactor) {
    /**
     * Returns this experience with the data of others before its own; where images have classes, they are told apart among those of all
     * of them.
     */
    public Experience after(List<Dataset> earlier) {
        Dataset all =
                Dataset.concat(Stream.concat(earlier.stream(), Stream.of(train)).toList());
        Supervision widened = switch (supervision) {
            case Supervision.Labels labels -> new Supervision.Labels(all.classNames(), labels.templates());
            case Supervision.Arriving arriving -> arriving;
            case Supervision.Captions captions -> captions;
        };
        return new Experience(index, name, all, widened, learningRateFactor);
    }

    /**
     * Returns the classes of this experience.
     *
     * @param learner what needs them, for the message
     * @throws IllegalArgumentException if it has captions instead, or says which classes there are only as they come
     */
    public Supervision.Labels requireLabels(String learner) {
        return switch (supervision) {
            case Supervision.Labels labels -> labels;
            case Supervision.Captions _ ->
                throw new IllegalArgumentException(learner + " learns classes, but '" + name
                        + "' has captions; use a method that trains on pairs, such as finetune or replay");
            case Supervision.Arriving _ ->
                throw new IllegalArgumentException(
                        learner + " must know the classes before it learns them, but those of '" + name
                                + "' show only as they come; use a method such as sit, finetune or replay");
        };
    }

    /** Makes an experience that is learned at the configured rate. */
    public Experience(int index, String name, Dataset train, Supervision supervision) {
        this(index, name, train, supervision, 1);
    }

    /** Returns the same experience with other samples to learn. */
    public Experience over(Dataset other) {
        return new Experience(index, name, other, supervision, learningRateFactor);
    }
}
