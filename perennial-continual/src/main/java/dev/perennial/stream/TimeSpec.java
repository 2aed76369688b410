package dev.perennial.stream;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.data.DatasetSpec;
import java.util.List;
import java.util.OptionalInt;

/**
 * One data set whose samples come in the order of time, as a configuration names it.
 *
 * @param data where it lies and what is used of it
 * @param field attribute that says when a sample appeared: a whole number such as a year or a year and month, as {@code 202403}
 * @param steps number of time steps of about equal size; absent where {@code until} cuts
 * @param until last moment of each step but the last one, ascending, which takes what is left
 * @param captions languages whose captions are learned and searched; none to learn and tell apart the classes
 * @param trainLimit largest number of training samples of all steps together: the first ones
 * @param testLimit largest number of test samples of each step: the first ones
 */
public record TimeSpec(
        DatasetSpec data,
        String field,
        OptionalInt steps,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<Long> until,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> captions,
        OptionalInt trainLimit,
        OptionalInt testLimit) {
    /** Checks that it is said once how time is cut. */
    public TimeSpec {
        until = List.copyOf(until);
        captions = List.copyOf(captions);
        if (steps.isPresent() == !until.isEmpty()) {
            throw new IllegalArgumentException("time needs either steps or until");
        }
        if (steps.orElse(2) < 2) {
            throw new IllegalArgumentException("time.steps must be at least 2 but is " + steps.getAsInt());
        }
        for (int i = 1; i < until.size(); i++) {
            if (until.get(i - 1) >= until.get(i)) {
                throw new IllegalArgumentException("time.until must ascend but is " + until);
            }
        }
    }
}
