package dev.perennial.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Guesses how long a benchmark still takes: a run as long as others of its row took, or else as an average run.
 *
 * <p>Times are in seconds of any clock. Safe for use by several threads.
 */
final class Forecast {
    private final int jobs;
    private final List<PlannedRun> toDo;
    private final Map<String, List<Double>> secondsByRow = new HashMap<>();
    private final Map<PlannedRun, Going> going = new HashMap<>();
    private int ended;

    private record Going(double since, double share) {}

    Forecast(List<PlannedRun> toDo, int jobs) {
        this.toDo = new ArrayList<>(toDo);
        this.jobs = jobs;
    }

    /** Learns how long a complete run took. */
    synchronized void took(PlannedRun run, double seconds) {
        secondsByRow.computeIfAbsent(run.row(), _ -> new ArrayList<>()).add(seconds);
    }

    synchronized void started(PlannedRun run, double now) {
        going.put(run, new Going(now, 0));
    }

    synchronized void progressed(PlannedRun run, double share) {
        going.computeIfPresent(run, (_, before) -> new Going(before.since(), Math.max(before.share(), share)));
    }

    synchronized void ended(PlannedRun run) {
        going.remove(run);
        toDo.remove(run);
        ended++;
    }

    /** Returns the share of the work that is done, in {@code [0, 1]}. */
    synchronized double share() {
        double shares = going.values().stream().mapToDouble(Going::share).sum();
        int all = ended + toDo.size();
        return all == 0 ? 1 : (ended + shares) / all;
    }

    /** Returns the seconds left; nothing while too little is known. */
    synchronized OptionalDouble secondsLeft(double now) {
        OptionalDouble typical = typical(now);
        if (typical.isEmpty()) {
            return OptionalDouble.empty();
        }
        double left = toDo.stream()
                .mapToDouble(run -> left(run, typical.getAsDouble(), now))
                .sum();
        return OptionalDouble.of(left / Math.min(jobs, Math.max(1, toDo.size())));
    }

    private double left(PlannedRun run, double typical, double now) {
        Going state = going.get(run);
        double whole = mean(secondsByRow.getOrDefault(run.row(), List.of())).orElse(typical);
        if (state == null) {
            return whole;
        }
        double elapsed = now - state.since();
        return isTelling(state) ? elapsed * (1 - state.share()) / state.share() : Math.max(0, whole - elapsed);
    }

    /** How long a run of an unknown row takes. */
    private OptionalDouble typical(double now) {
        OptionalDouble known =
                mean(secondsByRow.values().stream().flatMap(List::stream).toList());
        return known.isPresent()
                ? known
                : mean(going.values().stream()
                        .filter(Forecast::isTelling)
                        .map(state -> (now - state.since()) / state.share())
                        .toList());
    }

    /** The first per cent of a run is loading and says little. */
    private static boolean isTelling(Going state) {
        return state.share() > 0.02;
    }

    private static OptionalDouble mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average();
    }
}
