package dev.perennial.bench;

import dev.perennial.evaluate.RunResults;
import java.util.List;

/**
 * What a benchmark has found so far.
 *
 * @param suite the suite
 * @param outcomes one for each run, in the order of the plan
 */
public record BenchResults(Suite suite, List<RunOutcome> outcomes) {
    /** Keeps an unchangeable copy. */
    public BenchResults {
        outcomes = List.copyOf(outcomes);
    }

    /** Returns the runs that failed. */
    public List<RunOutcome.Failed> failed() {
        return of(RunOutcome.Failed.class);
    }

    /** Returns the complete runs. */
    public List<RunOutcome.Done> done() {
        return of(RunOutcome.Done.class);
    }

    /** Returns the results of the complete runs of a row, one for each seed. */
    public List<RunResults> done(String row) {
        return done().stream()
                .filter(outcome -> outcome.run().row().equals(row))
                .map(RunOutcome.Done::results)
                .toList();
    }

    private <T extends RunOutcome> List<T> of(Class<T> type) {
        return outcomes.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
