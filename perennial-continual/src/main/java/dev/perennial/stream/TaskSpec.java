package dev.perennial.stream;

import dev.perennial.data.DatasetSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A data set as a task of a stream, as a configuration names it.
 *
 * @param name what it is called in results
 * @param data where it lies and what is used of it
 * @param captions languages whose captions are learned; absent where the samples' classes are
 * @param trainLimit largest number of training samples: the first ones
 * @param testLimit largest number of test samples: the first ones
 * @param learningRateFactor multiplies the configured learning rate while this task is learned; 1 if not stated
 */
public record TaskSpec(
        String name,
        DatasetSpec data,
        Optional<List<String>> captions,
        OptionalInt trainLimit,
        OptionalInt testLimit,
        OptionalDouble learningRateFactor) {
    /** Checks the factor. */
    public TaskSpec {
        if (!(learningRateFactor.orElse(1) > 0)) {
            throw new IllegalArgumentException(
                    "learning-rate-factor must be positive but is " + learningRateFactor.orElse(1));
        }
    }
}
