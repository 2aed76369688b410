package dev.perennial.evaluate;

import java.util.List;

/**
 * What was trained, counted from the model itself.
 *
 * @param trainable the number of trained parameters
 * @param total the number of all parameters, frozen ones included
 * @param groups the trained groups
 */
public record ParameterCounts(long trainable, long total, List<Group> groups) {
    /** Keeps a copy and checks the counts. */
    public ParameterCounts {
        groups = List.copyOf(groups);
        if (trainable < 0 || trainable > total) {
            throw new IllegalArgumentException(trainable + " of " + total + " parameters cannot be trainable");
        }
    }

    /**
     * A group of parameters that is trained with one set of optimizer settings.
     *
     * @param name the name that the method gives it
     * @param parameters the number of its parameters
     */
    public record Group(String name, long parameters) {}
}
