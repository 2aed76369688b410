package dev.perennial.stream;

import dev.perennial.data.Dataset;
import java.util.OptionalInt;

/**
 * A set on which the model is judged after every experience.
 *
 * @param name what it is called in results
 * @param test held-out samples
 * @param supervision what tells the meaning of its images
 * @param learnedIn index of the experience that teaches it; absent for a control set that is never learned
 */
public record EvaluationSet(String name, Dataset test, Supervision supervision, OptionalInt learnedIn) {
    /** Checks that it is known what there is to choose from. */
    public EvaluationSet {
        if (supervision instanceof Supervision.Arriving) {
            throw new IllegalArgumentException("the set '" + name + "' does not say which classes it has");
        }
    }
}
