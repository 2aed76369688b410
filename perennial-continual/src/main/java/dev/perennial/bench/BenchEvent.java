package dev.perennial.bench;

import java.util.OptionalDouble;

/** What happens in a benchmark, for those who watch. */
public sealed interface BenchEvent {
    /** A run needs nothing: its results are there. */
    record Skipped(PlannedRun run) implements BenchEvent {}

    /** A run begins; {@code unfinished} if its folder holds what an earlier time left. */
    record Started(PlannedRun run, boolean unfinished) implements BenchEvent {}

    /**
     * Runs go on.
     *
     * @param share the share of all work that is done, in {@code [0, 1]}
     * @param secondsLeft a guess from the runs so far; absent at first
     */
    record Progressed(double share, OptionalDouble secondsLeft) implements BenchEvent {}

    /** A run ended; {@code results} are those of all runs so far. */
    record Finished(RunOutcome outcome, BenchResults results) implements BenchEvent {}
}
