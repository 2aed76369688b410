package dev.perennial.run;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.anytime.AnytimeHistory;
import dev.perennial.evaluate.anytime.AnytimePoint;
import dev.perennial.evaluate.anytime.ArrivalCounts;
import dev.perennial.evaluate.anytime.SessionAccuracy;
import dev.perennial.method.AdaptedClip;
import dev.perennial.stream.Arrivals;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Judges the model while an online stream goes on, over the classes seen so far, and keeps what has become of its samples. */
final class Anytime {
    private final Optional<Arrivals> arrivals;
    private final EvaluationConfig config;
    private final Preprocessing preprocessing;
    private final List<AnytimePoint> points = new ArrayList<>();
    private final List<SessionAccuracy> sessions = new ArrayList<>();
    private final Map<String, int[]> judged = new LinkedHashMap<>();
    private ArrivalCounts counts = ArrivalCounts.NONE;
    private long lastDue;

    /**
     * Begins at the start of a stream.
     *
     * @param arrivals of an online stream; nothing is kept of others
     */
    Anytime(Optional<Arrivals> arrivals, EvaluationConfig config, Preprocessing preprocessing) {
        // Under other protocols, the sets of the stream are not judged among the classes seen so far.
        this.arrivals = arrivals.filter(_ -> config.protocol() == Protocol.POOLED);
        this.config = config;
        this.preprocessing = preprocessing;
    }

    /**
     * What must survive a stop.
     *
     * @param points so far
     * @param sessions that are over
     * @param counts of samples that have come
     * @param lastDue samples that had come when an evaluation was due last
     */
    record State(List<AnytimePoint> points, List<SessionAccuracy> sessions, ArrivalCounts counts, long lastDue) {
        static final State NONE = new State(List.of(), List.of(), ArrivalCounts.NONE, 0);
    }

    State state() {
        return new State(List.copyOf(points), List.copyOf(sessions), counts, lastDue);
    }

    void restore(State state) {
        points.clear();
        points.addAll(state.points());
        sessions.clear();
        sessions.addAll(state.sessions());
        counts = state.counts();
        lastDue = state.lastDue();
    }

    /** Notes what has come, and evaluates the model if that is due. */
    Optional<AnytimePoint> passed(String session, ArrivalCounts now, Supplier<AdaptedClip> adapted) {
        counts = now;
        if (arrivals.isEmpty()
                || config.anytime().isEmpty()
                || !config.anytime().get().isDue(now.arrived(), lastDue)) {
            return Optional.empty();
        }
        lastDue = now.arrived();
        Supervision.Labels seen = arrivals.get().seen(Math.toIntExact(now.arrived()));
        Dataset test = test(arrivals.get(), seen.classNames().size());
        if (test.size() == 0) {
            return Optional.empty();
        }
        // What cannot be read is listed when all sets are evaluated.
        var evaluator = new Evaluator(preprocessing, config, new BadSamples());
        var set = new EvaluationSet("classes seen so far", test, seen, OptionalInt.empty());
        Evaluator.SetResult result = evaluator.evaluate(adapted.get(), set);
        var point = new AnytimePoint(
                session,
                false,
                now,
                seen.classNames().size(),
                result.decisions().size(),
                result.score());
        points.add(point);
        return Optional.of(point);
    }

    /** The test samples of the classes seen so far, or some of them at equal distances. */
    private Dataset test(Arrivals of, int classes) {
        int[] labels = of.test().labels();
        int[] all = IntStream.range(0, labels.length)
                .filter(i -> labels[i] != Dataset.NO_LABEL && labels[i] < classes)
                .toArray();
        int count =
                Math.min(all.length, config.anytime().orElseThrow().samples().orElse(all.length));
        return of.test()
                .select(IntStream.range(0, count)
                        .map(i -> all[(int) ((long) i * all.length / count)])
                        .toArray());
    }

    /** Hears what the model took the samples of a set for at the end of a session. */
    void judged(EvaluationSet set, Evaluator.SetResult result, int learned) {
        if (arrivals.isEmpty()
                || set.learnedIn().orElse(learned) >= learned
                || !(set.supervision() instanceof Supervision.Labels(List<String> names, var _))) {
            return;
        }
        int[] labels = set.test().labels();
        for (Evaluator.Decision decision : result.decisions()) {
            int[] tally = judged.computeIfAbsent(names.get(labels[decision.position()]), _ -> new int[2]);
            tally[0]++;
            tally[1] += decision.right() ? 1 : 0;
        }
    }

    /** Ends a session whose sets were all heard. */
    Optional<AnytimePoint> ended(String session) {
        if (judged.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Double> classes = new LinkedHashMap<>();
        judged.forEach((name, tally) -> classes.put(name, 100.0 * tally[1] / tally[0]));
        sessions.add(new SessionAccuracy(session, classes));
        int tested = judged.values().stream().mapToInt(tally -> tally[0]).sum();
        int right = judged.values().stream().mapToInt(tally -> tally[1]).sum();
        judged.clear();
        var point = new AnytimePoint(
                session,
                true,
                counts,
                arrivals.orElseThrow()
                        .seen(Math.toIntExact(counts.arrived()))
                        .classNames()
                        .size(),
                tested,
                100.0 * right / tested);
        points.add(point);
        return Optional.of(point);
    }

    AnytimeHistory history() {
        return new AnytimeHistory(points, sessions);
    }

    /** Returns the share of the samples that came that were given to the learner, in percent. */
    double takenShare() {
        return counts.arrived() == 0 ? 100 : 100.0 * counts.taken() / counts.arrived();
    }

    /** Returns whether anything is kept. */
    boolean applies() {
        return arrivals.isPresent();
    }
}
