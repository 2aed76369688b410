package dev.perennial.judge;

import dev.perennial.evaluate.statistic.Outcomes;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One number of a benchmark.
 *
 * @param name what it is called, such as {@code top-1}
 * @param value in percent; absent if it does not apply to the model
 * @param outcomes of the single samples, where the value is their share of right ones
 * @param chance what guessing scores, in percent
 * @param majority what always giving the most frequent answer scores, in percent
 * @param samples how many samples it is over
 * @param note what else has to be known, such as why it does not apply; may be empty
 */
public record Measure(
        String name,
        OptionalDouble value,
        Optional<Outcomes> outcomes,
        OptionalDouble chance,
        OptionalDouble majority,
        int samples,
        String note) {
    /** Returns a share of right samples. */
    public static Measure of(String name, Outcomes outcomes) {
        return new Measure(
                name,
                OptionalDouble.of(outcomes.percent()),
                Optional.of(outcomes),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                outcomes.size(),
                "");
    }

    /** Returns a number that is no share of right samples. */
    public static Measure of(String name, double value, int samples) {
        return new Measure(
                name,
                OptionalDouble.of(value),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                samples,
                "");
    }

    /** Returns a measure that does not apply. */
    public static Measure notApplicable(String name, int samples, String reason) {
        return new Measure(
                name,
                OptionalDouble.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                samples,
                reason);
    }

    /** Returns the same with what guessing scores, in percent. */
    public Measure withChance(double percent) {
        return new Measure(name, value, outcomes, OptionalDouble.of(percent), majority, samples, note);
    }

    /** Returns the same with what the most frequent answer scores, in percent. */
    public Measure withMajority(double percent) {
        return new Measure(name, value, outcomes, chance, OptionalDouble.of(percent), samples, note);
    }

    /** Returns the same with a note. */
    public Measure withNote(String text) {
        return new Measure(name, value, outcomes, chance, majority, samples, text);
    }
}
