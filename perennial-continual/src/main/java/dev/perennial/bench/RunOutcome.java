package dev.perennial.bench;

import dev.perennial.evaluate.RunResults;

/** How far a run of a benchmark has come. */
public sealed interface RunOutcome {
    /** Returns the run. */
    PlannedRun run();

    /** The run is complete. */
    record Done(PlannedRun run, RunResults results) implements RunOutcome {}

    /** The run failed. */
    record Failed(PlannedRun run, String reason) implements RunOutcome {}

    /** The run is still to do, or going on. */
    record Pending(PlannedRun run) implements RunOutcome {}
}
