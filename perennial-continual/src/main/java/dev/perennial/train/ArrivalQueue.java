package dev.perennial.train;

import dev.perennial.stream.ArrivalSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * The samples of an online stream that come at a rate: while the learner is busy they wait up to a limit, then they are dropped and counted.
 *
 * <p>Its clock is that of the stream. It goes on while the learner works, and to the next sample where it would wait; evaluating, saving and
 * being stopped take no time.
 */
final class ArrivalQueue {
    private static final double NANOS = 1e9;

    private final ArrivalSpec spec;
    private final List<Integer> sessionEnds;
    private final int total;
    private final Deque<Integer> waiting;
    private long now;
    private int arrived;
    private long taken;
    private long dropped;

    /**
     * What must survive a stop.
     *
     * @param now nanoseconds since the first sample
     * @param arrived samples that have come
     * @param waiting positions of those that wait, in order
     * @param taken samples that were given to the learner
     * @param dropped samples that were dropped
     */
    record State(long now, int arrived, List<Integer> waiting, long taken, long dropped) {
        static final State START = new State(0, 0, List.of(), 0, 0);
    }

    ArrivalQueue(ArrivalSpec spec, List<Integer> sessionEnds, State from) {
        this.spec = spec;
        this.sessionEnds = sessionEnds;
        this.total = sessionEnds.getLast();
        this.waiting = new ArrayDeque<>(from.waiting());
        this.now = from.now();
        this.arrived = from.arrived();
        this.taken = from.taken();
        this.dropped = from.dropped();
    }

    State state() {
        return new State(now, arrived, List.copyOf(waiting), taken, dropped);
    }

    /** Returns the sample that is taken next; absent where all that come have come and none waits. */
    OptionalInt next() {
        if (!waiting.isEmpty()) {
            return OptionalInt.of(waiting.getFirst());
        }
        return arrived < total ? OptionalInt.of(arrived) : OptionalInt.empty();
    }

    /** Takes up to so many samples of one session, waiting for them where need be. */
    List<Integer> take(int most) {
        List<Integer> samples = new ArrayList<>();
        int end = next().isPresent() ? endOfSession(next().getAsInt()) : 0;
        while (samples.size() < most && next().orElse(end) < end) {
            if (waiting.isEmpty()) {
                now = Math.max(now, timeOf(arrived));
                samples.add(arrived++);
            } else {
                samples.add(waiting.removeFirst());
            }
        }
        taken += samples.size();
        return samples;
    }

    /** Lets time pass in which the learner is busy. */
    void pass(double seconds) {
        now += Math.round(seconds * NANOS);
        while (arrived < total && timeOf(arrived) <= now) {
            if (waiting.size() < spec.queue().orElse(0)) {
                waiting.addLast(arrived);
            } else {
                dropped++;
            }
            arrived++;
        }
    }

    private int endOfSession(int sample) {
        return sessionEnds.stream().filter(end -> sample < end).findFirst().orElseThrow();
    }

    private long timeOf(int sample) {
        return Math.round(sample * NANOS / spec.rate());
    }
}
