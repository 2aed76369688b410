package dev.perennial.stream;

import dev.perennial.data.BadSampleException;
import dev.perennial.data.Dataset;
import dev.perennial.data.Sample;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * When the samples of a data set appeared: a whole number that they state, such as a year, or a date in ISO 8601, which becomes one: the month
 * {@code 2024-03} becomes 202403, and the day {@code 2024-03-05}, with or without a time of day, 20240305.
 */
public final class Moments {
    /** Stands for a sample whose record cannot be read. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final Pattern DATE =
            Pattern.compile("(?<year>\\d{4})-(?<month>\\d{2})(-(?<day>\\d{2})([T ]\\d{2}:.*)?)?");

    private final String field;
    private final long[] values;

    private Moments(String field, long[] values) {
        this.field = field;
        this.values = values;
    }

    /**
     * Reads the moments of all samples.
     *
     * @throws IllegalArgumentException if a sample states neither a whole number nor a date, or some state months and others days
     */
    public static Moments of(Dataset dataset, String field) {
        var digits = new HashSet<Integer>();
        long[] values = IntStream.range(0, dataset.size())
                .mapToLong(position -> moment(dataset, position, field, digits))
                .toArray();
        if (digits.size() > 1) {
            throw new IllegalArgumentException("'" + field + "' of " + dataset.name()
                    + " is a month for some samples and a day for others; state one of them for all");
        }
        return new Moments(field, values);
    }

    private static long moment(Dataset dataset, int position, String field, Set<Integer> digits) {
        try {
            Sample sample = dataset.sample(position);
            OptionalLong number = sample.number(field);
            if (number.isPresent()) {
                return number.getAsLong();
            }
            List<String> stated = sample.values(field);
            Matcher date = DATE.matcher(stated.size() == 1 ? stated.getFirst() : "");
            if (!date.matches()) {
                throw new IllegalArgumentException("sample '" + sample.key() + "' of " + dataset.name()
                        + " has no whole number or date '" + field
                        + "'; name the field that says when it appeared (time.field, or --by)");
            }
            String day = Objects.requireNonNullElse(date.group("day"), "");
            digits.add(day.length());
            return Long.parseLong(date.group("year") + date.group("month") + day);
        } catch (BadSampleException e) {
            return UNKNOWN;
        }
    }

    /** Returns the moment of a sample. */
    long at(int position) {
        return values[position];
    }

    /** Returns the moments that are known, as often as they occur. */
    LongStream known() {
        return Arrays.stream(values).filter(moment -> moment != UNKNOWN);
    }

    /** Returns each moment that occurs, ascending. */
    public long[] distinct() {
        return known().sorted().distinct().toArray();
    }

    /**
     * Returns the last moment of each part where all have about as many samples; samples of one moment stay together.
     *
     * @throws IllegalArgumentException if there are too few different moments
     */
    public long[] equalParts(int parts) {
        long[] sorted = known().sorted().toArray();
        long[] ends = IntStream.rangeClosed(1, parts)
                .mapToLong(part -> sorted.length == 0
                        ? 0
                        : sorted[Math.toIntExact(Math.max(1, (long) sorted.length * part / parts)) - 1])
                .distinct()
                .toArray();
        if (sorted.length < parts || ends.length < parts) {
            throw new IllegalArgumentException("'" + field + "' takes too few values for " + parts
                    + " steps of about equal size; choose fewer, or cut with time.until");
        }
        return ends;
    }

    /** Returns the samples of a data set after a moment and until another one, both of the same data set. */
    public Dataset part(Dataset dataset, long after, long until) {
        return dataset.select(position -> values[position] <= until && values[position] > after);
    }

    /** Returns what to call the samples after a moment and until another one: {@code 2015}, or {@code 2016-2018}. */
    public String name(long after, long until) {
        long first = known().filter(moment -> moment > after).min().orElse(until);
        return first >= until ? String.valueOf(until) : first + "-" + until;
    }
}
