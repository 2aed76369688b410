package dev.perennial.stream;

import dev.perennial.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/**
 * A stream in which one data set comes in the order of time (TiC-CLIP, Garg et al. 2024, arXiv 2310.16226): every step is learned once and
 * every later and earlier one is judged.
 */
final class TimeStream {
    private TimeStream() {}

    static ExperienceStream open(Streams data, StreamSpec spec, TimeSpec time, List<EvaluationSet> control) {
        Dataset train = data.train(spec, time.data(), time.trainLimit());
        Dataset test = data.open(time.data(), Streams.TEST, OptionalInt.empty());
        Moments learned = Moments.of(train, time.field());
        Moments judged = Moments.of(test, time.field());
        long[] ends = time.steps().isPresent()
                ? learned.equalParts(time.steps().getAsInt())
                : LongStream.concat(
                                time.until().stream().mapToLong(Long::longValue),
                                LongStream.of(LongStream.concat(learned.known(), judged.known())
                                        .max()
                                        .orElseThrow()))
                        .toArray();
        Supervision supervision = supervision(time, train);
        List<Experience> experiences = new ArrayList<>();
        List<EvaluationSet> sets = new ArrayList<>();
        long after = Moments.UNKNOWN;
        for (int step = 0; step < ends.length; step++) {
            boolean last = step == ends.length - 1;
            String name = learned.name(after, ends[step]);
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

    /** Returns the samples of one step, and with the first one those whose record cannot be read, so that they are counted. */
    private static Dataset part(Dataset dataset, Moments moments, long after, long until) {
        return dataset.select(position ->
                moments.at(position) <= until && (moments.at(position) > after || after == Moments.UNKNOWN));
    }
}
