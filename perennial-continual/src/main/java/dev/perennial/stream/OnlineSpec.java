package dev.perennial.stream;

import dev.perennial.data.DatasetSpec;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A data set whose samples come once, batch after batch, in sessions that differ in their classes and whose ends nobody is told
 * (Si-Blurry, Moon et al. 2023, arXiv 2308.09303), as a configuration names it.
 *
 * @param data where it lies and what is used of it
 * @param sessions into which the stream is divided for its mixture of classes and for results; 5 if not stated
 * @param disjoint share in percent of the classes of which all samples come in one session; 50 if not stated
 * @param blurry share in percent of the samples of the other classes that come in any session; 10 if not stated
 * @param varied whether sessions differ at random in how many classes and blurred samples they have; true if not stated
 * @param arrival how fast samples come; if not stated, the stream waits for its learner
 * @param trainLimit largest number of training samples of all classes together: the first ones
 * @param testLimit largest number of test samples of all classes together: the first ones
 */
public record OnlineSpec(
        DatasetSpec data,
        OptionalInt sessions,
        OptionalInt disjoint,
        OptionalInt blurry,
        Optional<Boolean> varied,
        Optional<ArrivalSpec> arrival,
        OptionalInt trainLimit,
        OptionalInt testLimit) {
    /** Checks the ranges. */
    public OnlineSpec {
        if (sessions.orElse(1) < 1) {
            throw new IllegalArgumentException("online.sessions must be at least 1 but is " + sessions.getAsInt());
        }
        requirePercent("online.disjoint", disjoint);
        requirePercent("online.blurry", blurry);
    }

    SiBlurry mixture() {
        return new SiBlurry(sessions.orElse(5), disjoint.orElse(50), blurry.orElse(10), varied.orElse(true));
    }

    private static void requirePercent(String key, OptionalInt percent) {
        if (percent.orElse(0) < 0 || percent.orElse(0) > 100) {
            throw new IllegalArgumentException(key + " must be in [0, 100] but is " + percent.getAsInt());
        }
    }
}
