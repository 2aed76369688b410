package dev.perennial.stream;

import dev.perennial.clip.tensor.MersenneTwister;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Opens a stream whose samples come once, in the order of {@link SiBlurry}. Each session is judged on the classes that are new in it. */
final class OnlineStream {
    private OnlineStream() {}

    static ExperienceStream open(Streams data, StreamSpec spec, OnlineSpec online, List<EvaluationSet> control) {
        Dataset train = data.train(spec, online.data(), online.trainLimit());
        Dataset test = data.open(online.data(), Streams.TEST, online.testLimit());
        List<String> names = train.classNames();
        if (names.isEmpty() || !names.equals(test.classNames())) {
            throw new IllegalArgumentException("the splits of " + train.name()
                    + " have no classes or differ in them; name them with data.classes or data.class-attribute");
        }
        int[] labels = train.labels();
        List<int[]> sessions = online
                .mixture()
                .order(
                        labels,
                        names.size(),
                        new MersenneTwister(spec.orderSeed().orElse(Ordering.DEFAULT_SEED)))
                .samples()
                .stream()
                .filter(session -> session.length > 0)
                .toList();
        int[] order = withUnreadable(sessions.stream().flatMapToInt(Arrays::stream), labels);
        if (sessions.isEmpty()) {
            throw new IllegalArgumentException("nothing of " + train.name() + " comes: its " + names.size()
                    + " classes do not divide among the sessions; choose fewer");
        }
        int[] ends = ends(sessions, order.length);
        List<String> appearing = appearing(order, labels, names);
        Dataset samples = train.select(order).relabel("class", appearing);
        int[] testLabels = test.labels();
        Dataset judged = test.select(position ->
                        testLabels[position] == Dataset.NO_LABEL || appearing.contains(names.get(testLabels[position])))
                .relabel("class", appearing);
        PromptTemplates templates = Streams.templates(train);
        var arrivals = new Arrivals(
                spec.name(), samples, judged, templates, ends, train.size() - order.length, online.arrival());
        return new ExperienceStream(
                spec.name(), sessions(arrivals), Streams.joined(sets(arrivals), control), Optional.of(arrivals));
    }

    /** A sample whose record cannot be read has no class and so no session; it comes last, where it is counted. */
    private static int[] withUnreadable(IntStream order, int[] labels) {
        return IntStream.concat(order, IntStream.range(0, labels.length).filter(i -> labels[i] == Dataset.NO_LABEL))
                .toArray();
    }

    private static int[] ends(List<int[]> sessions, int samples) {
        int[] ends = new int[sessions.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += sessions.get(i).length;
            ends[i] = end;
        }
        ends[ends.length - 1] = samples;
        return ends;
    }

    private static List<String> appearing(int[] order, int[] labels, List<String> names) {
        Set<String> met = new LinkedHashSet<>();
        for (int position : order) {
            if (labels[position] != Dataset.NO_LABEL) {
                met.add(names.get(labels[position]));
            }
        }
        return List.copyOf(met);
    }

    private static List<Experience> sessions(Arrivals arrivals) {
        List<Experience> sessions = new ArrayList<>();
        int from = 0;
        for (int end : arrivals.sessionEnds()) {
            sessions.add(new Experience(
                    sessions.size(),
                    "session " + (sessions.size() + 1),
                    arrivals.samples().select(IntStream.range(from, end).toArray()),
                    arrivals.seen(end)));
            from = end;
        }
        return sessions;
    }

    /** A session without a new class, or without a test sample of one, has no set of its own. */
    private static List<EvaluationSet> sets(Arrivals arrivals) {
        List<EvaluationSet> sets = new ArrayList<>();
        int[] labels = arrivals.test().labels();
        int before = 0;
        for (int end : arrivals.sessionEnds()) {
            int session = arrivals.sessionEnds().indexOf(end);
            Supervision.Labels seen = arrivals.seen(end);
            int first = before;
            int past = seen.classNames().size();
            if (Arrays.stream(labels).anyMatch(label -> label >= first && label < past)) {
                List<String> group = seen.classNames().subList(first, past);
                Dataset own = arrivals.test()
                        .select(position -> labels[position] == Dataset.NO_LABEL
                                || (labels[position] >= first && labels[position] < past));
                sets.add(new EvaluationSet(
                        "new in session " + (session + 1),
                        own.relabel("class", group),
                        new Supervision.Labels(group, seen.templates()),
                        OptionalInt.of(session)));
            }
            before = past;
        }
        return sets;
    }
}
