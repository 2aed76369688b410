package dev.perennial.stream;

import dev.perennial.data.BadSampleException;
import dev.perennial.data.Dataset;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** When the samples of a data set appeared, as a whole number that they state, such as a year. */
public final class Moments {
    /** Stands for a sample whose record cannot be read. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private final String field;
    private final long[] values;

    private Moments(String field, long[] values) {
        this.field = field;
        this.values = values;
    }

    /**
     * Reads the moments of all samples.
     *
     * @throws IllegalArgumentException if a sample does not state a whole number
     */
    public static Moments of(Dataset dataset, String field) {
        return new Moments(
                field,
                IntStream.range(0, dataset.size())
                        .mapToLong(position -> moment(dataset, position, field))
                        .toArray());
    }

    private static long moment(Dataset dataset, int position, String field) {
        try {
            OptionalLong moment = dataset.sample(position).number(field);
            return moment.orElseThrow(() -> new IllegalArgumentException("sample '"
                    + dataset.sample(position).key() + "' of " + dataset.name()
                    + " has no whole number '" + field
                    + "'; name the field that says when it appeared (time.field, or --by)"));
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
