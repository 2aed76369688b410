package dev.perennial.stream;

import dev.perennial.data.BadSampleException;
import dev.perennial.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A stream in which one data set comes in the order of time (TiC-CLIP, Garg et al. 2024, arXiv 2310.16226): every step is learned once and
 * every later and earlier one is judged.
 */
final class TimeStream {
    /** Stands for a sample whose record cannot be read. */
    private static final long UNKNOWN = Long.MIN_VALUE;

    private TimeStream() {}

    static ExperienceStream open(Streams data, StreamSpec spec, TimeSpec time, List<EvaluationSet> control) {
        Dataset train = data.train(spec, time.data(), time.trainLimit());
        Dataset test = data.open(time.data(), Streams.TEST, OptionalInt.empty());
        long[] learned = moments(train, time.field());
        long[] judged = moments(test, time.field());
        long[] ends = time.steps().isPresent()
                ? equalParts(learned, time.steps().getAsInt(), time.field())
                : LongStream.concat(
                                time.until().stream().mapToLong(Long::longValue),
                                LongStream.of(LongStream.concat(LongStream.of(learned), LongStream.of(judged))
                                        .max()
                                        .orElseThrow()))
                        .toArray();
        Supervision supervision = supervision(time, train);
        List<Experience> experiences = new ArrayList<>();
        List<EvaluationSet> sets = new ArrayList<>();
        long after = UNKNOWN;
        for (int step = 0; step < ends.length; step++) {
            boolean last = step == ends.length - 1;
            String name = name(after, ends[step], learned);
            Dataset now = part(train, learned, after, last ? Long.MAX_VALUE : ends[step]);
            Dataset then = part(test, judged, after, last ? Long.MAX_VALUE : ends[step]);
            if (now.size() == 0 || then.size() == 0) {
                throw new IllegalArgumentException("the step " + name + " of " + train.name() + " has " + now.size()
                        + " training and " + then.size() + " test samples; choose other steps");
            }
            experiences.add(new Experience(step, name, now, supervision));
            Dataset limited =
                    time.testLimit().isPresent() ? then.limit(time.testLimit().getAsInt()) : then;
            sets.add(new EvaluationSet(name, limited, supervision, OptionalInt.of(step)));
            after = ends[step];
        }
        return new ExperienceStream(spec.name(), experiences, Streams.joined(sets, control));
    }

    private static Supervision supervision(TimeSpec time, Dataset dataset) {
        if (!time.captions().isEmpty()) {
            return new Supervision.Captions(time.captions());
        }
        if (dataset.classNames().isEmpty()) {
            throw new IllegalArgumentException(dataset.name() + " has no classes; set time.captions");
        }
        return new Supervision.Labels(dataset.classNames(), Streams.templates(dataset));
    }

    private static long[] moments(Dataset dataset, String field) {
        return IntStream.range(0, dataset.size())
                .mapToLong(position -> moment(dataset, position, field))
                .toArray();
    }

    private static long moment(Dataset dataset, int position, String field) {
        try {
            OptionalLong moment = dataset.sample(position).number(field);
            return moment.orElseThrow(() -> new IllegalArgumentException("sample '"
                    + dataset.sample(position).key() + "' of " + dataset.name()
                    + " has no whole number '" + field + "'; name the field that says when it appeared in time.field"));
        } catch (BadSampleException e) {
            return UNKNOWN;
        }
    }

    /** Returns the last moment of each step where all have about as many samples; samples of one moment stay together. */
    private static long[] equalParts(long[] moments, int steps, String field) {
        long[] sorted = Arrays.stream(moments)
                .filter(moment -> moment != UNKNOWN)
                .sorted()
                .toArray();
        long[] ends = IntStream.rangeClosed(1, steps)
                .mapToLong(step -> sorted[Math.toIntExact(Math.max(1, (long) sorted.length * step / steps)) - 1])
                .distinct()
                .toArray();
        if (sorted.length < steps || ends.length < steps) {
            throw new IllegalArgumentException("'" + field + "' takes too few values for " + steps
                    + " steps of about equal size; choose fewer, or cut with time.until");
        }
        return ends;
    }

    /** Returns the samples of one step, and with the first one those whose record cannot be read, so that they are counted. */
    private static Dataset part(Dataset dataset, long[] moments, long after, long until) {
        return dataset.select(
                position -> moments[position] <= until && (moments[position] > after || after == UNKNOWN));
    }

    private static String name(long after, long until, long[] moments) {
        long first = Arrays.stream(moments)
                .filter(moment -> moment != UNKNOWN && moment > after)
                .min()
                .orElse(until);
        return first >= until ? String.valueOf(until) : first + "-" + until;
    }
}
