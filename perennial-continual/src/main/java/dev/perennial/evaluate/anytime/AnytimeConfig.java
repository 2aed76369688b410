package dev.perennial.evaluate.anytime;

import java.util.OptionalInt;

/**
 * How a model is judged while an online stream goes on.
 *
 * @param every samples of the stream from one evaluation to the next
 * @param samples largest number of test images of an evaluation, at equal distances over those of the classes seen so far; all if not
 *     stated
 */
public record AnytimeConfig(int every, OptionalInt samples) {
    /** Checks the ranges. */
    public AnytimeConfig {
        if (every < 1 || samples.orElse(1) < 1) {
            throw new IllegalArgumentException("anytime.every and anytime.samples must be at least 1");
        }
    }

    /** Returns whether a further multiple of the period was exceeded since the last evaluation, as in the repository of SIT. */
    public boolean isDue(long arrived, long arrivedBefore) {
        return multiples(arrived) > multiples(arrivedBefore);
    }

    private long multiples(long arrived) {
        return arrived == 0 ? 0 : (arrived - 1) / every;
    }
}
