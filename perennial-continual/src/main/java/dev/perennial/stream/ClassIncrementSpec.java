package dev.perennial.stream;

import dev.perennial.data.DatasetSpec;
import java.util.OptionalInt;

/**
 * A data set whose classes come in groups, as a configuration names it: {@code increment: 10} over 100 classes are ten experiences,
 * {@code base: 50} makes the first of them larger.
 *
 * @param data where it lies and what is used of it
 * @param base classes of the first experience; as many as of the others if not stated
 * @param increment classes of every further experience
 * @param trainLimit largest number of training samples of all classes together: the first ones
 * @param testLimit largest number of test samples of all classes together: the first ones
 */
public record ClassIncrementSpec(
        DatasetSpec data, OptionalInt base, int increment, OptionalInt trainLimit, OptionalInt testLimit) {
    /** Checks that every experience has a class. */
    public ClassIncrementSpec {
        if (increment < 1 || base.orElse(1) < 1) {
            throw new IllegalArgumentException("increment and base must be at least 1");
        }
    }
}
