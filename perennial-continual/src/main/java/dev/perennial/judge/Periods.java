package dev.perennial.judge;

import dev.perennial.data.Dataset;
import dev.perennial.run.ConfigException;
import dev.perennial.stream.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * How a data set is cut by time, so that models are compared period by period.
 *
 * @param field whole number that samples state, such as {@code year}
 * @param count number of periods of about equal size; absent for one of each value
 * @param since first moment that counts as new; absent where the later half of the periods does
 */
public record Periods(String field, OptionalInt count, OptionalLong since) {
    /** Checks the ranges. */
    public Periods {
        if (count.orElse(2) < 2) {
            throw new ConfigException("--periods must be at least 2 but is " + count.getAsInt());
        }
    }

    /**
     * A period of a data set.
     *
     * @param name such as {@code 2015} or {@code 2016-2018}
     * @param isNew whether it counts as new
     * @param samples of the period
     */
    record Part(String name, boolean isNew, Dataset samples) {}

    /** Cuts a data set; closing a part closes the data set. */
    List<Part> parts(Dataset dataset) {
        try {
            Moments moments = Moments.of(dataset, field);
            long[] ends = count.isPresent() ? moments.equalParts(count.getAsInt()) : moments.distinct();
            List<Part> parts = new ArrayList<>();
            long after = Long.MIN_VALUE;
            for (int i = 0; i < ends.length; i++) {
                boolean isNew = since.isPresent() ? ends[i] >= since.getAsLong() : 2 * i >= ends.length;
                parts.add(new Part(moments.name(after, ends[i]), isNew, moments.part(dataset, after, ends[i])));
                after = ends[i];
            }
            if (parts.stream().allMatch(Part::isNew) || parts.stream().noneMatch(Part::isNew)) {
                throw new ConfigException(
                        "all of '" + field + "', " + LongStream.of(ends).min().orElse(0) + " to "
                                + LongStream.of(ends).max().orElse(0)
                                + ", lies on one side of --since; choose a moment between");
            }
            return parts;
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }
}
