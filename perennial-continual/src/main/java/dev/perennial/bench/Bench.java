package dev.perennial.bench;

import dev.perennial.evaluate.ResultFileException;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.run.StopRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Carries out a plan: skips what is done, goes on after failures, and reports as it goes. */
public final class Bench {
    private final BenchFolder folder;
    private final RunLauncher launcher;
    private final int jobs;
    private final StopRequest stop;
    private final Consumer<BenchEvent> listener;

    /**
     * Creates the benchmark.
     *
     * @param folder takes the runs
     * @param jobs runs at the same time
     * @param stop once made, no further run is started
     * @param listener hears what happens, one event at a time
     */
    public Bench(BenchFolder folder, RunLauncher launcher, int jobs, StopRequest stop, Consumer<BenchEvent> listener) {
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs must be at least 1 but are " + jobs);
        }
        this.folder = folder;
        this.launcher = launcher;
        this.jobs = jobs;
        this.stop = stop;
        this.listener = listener;
    }

    /** Returns what is there already, without running anything. */
    public BenchResults results(BenchPlan plan) {
        return new BenchResults(
                plan.suite(), plan.runs().stream().map(this::found).toList());
    }

    /**
     * Carries out all runs that are not done; those that a stop leaves over are pending in the results.
     *
     * @throws InterruptedException if the thread is interrupted; complete runs stay
     */
    public BenchResults execute(BenchPlan plan) throws InterruptedException {
        var session = new Session(plan, results(plan));
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            List<Future<?>> futures = new ArrayList<>();
            for (PlannedRun run : session.toDo) {
                futures.add(pool.submit(() -> {
                    session.carryOut(run);
                    return run;
                }));
            }
            try {
                for (Future<?> future : futures) {
                    future.get();
                }
            } catch (ExecutionException e) {
                pool.shutdownNow();
                throw new IllegalStateException("a benchmark's own bookkeeping failed", e.getCause());
            } catch (InterruptedException e) {
                pool.shutdownNow();
                throw e;
            }
        }
        return session.results();
    }

    private RunOutcome found(PlannedRun run) {
        return complete(run)
                .<RunOutcome>map(results -> new RunOutcome.Done(run, results))
                .orElseGet(() -> new RunOutcome.Pending(run));
    }

    /** A run is done when the row after its last experience is there. */
    private Optional<RunResults> complete(PlannedRun run) {
        Path path = folder.of(run);
        if (!Files.isRegularFile(path.resolve("summary.json"))) {
            return Optional.empty();
        }
        try {
            RunResults results = RunResults.read(path);
            ResultMatrix matrix = results.matrix();
            return matrix.lastMeasured().orElse(-1) == matrix.experiences().size() - 1
                    ? Optional.of(results)
                    : Optional.empty();
        } catch (ResultFileException e) {
            return Optional.empty();
        }
    }

    /** One execution of a plan. */
    private final class Session {
        private final BenchPlan plan;
        private final List<RunOutcome> outcomes;
        private final List<PlannedRun> toDo;
        private final Forecast forecast;
        private final long began = System.nanoTime();

        Session(BenchPlan plan, BenchResults before) {
            this.plan = plan;
            this.outcomes = new ArrayList<>(before.outcomes());
            this.toDo = before.outcomes().stream()
                    .filter(RunOutcome.Pending.class::isInstance)
                    .map(RunOutcome::run)
                    .toList();
            this.forecast = new Forecast(toDo, jobs);
            for (RunOutcome.Done done : before.done()) {
                forecast.took(done.run(), done.results().summary().costs().totalSeconds());
                listener.accept(new BenchEvent.Skipped(done.run()));
            }
        }

        void carryOut(PlannedRun run) throws InterruptedException {
            if (stop.isMade()) {
                return;
            }
            Path path = folder.of(run);
            forecast.started(run, now());
            tell(new BenchEvent.Started(run, Files.isDirectory(path)));
            RunOutcome outcome;
            try {
                launcher.launch(run, path, share -> {
                    forecast.progressed(run, share);
                    tell(new BenchEvent.Progressed(forecast.share(), forecast.secondsLeft(now())));
                });
                outcome = complete(run)
                        .<RunOutcome>map(results -> new RunOutcome.Done(run, results))
                        .orElseGet(() -> unfinished(run, path));
            } catch (RunFailedException e) {
                outcome = new RunOutcome.Failed(run, e.reason());
            }
            if (outcome instanceof RunOutcome.Done done) {
                forecast.took(run, done.results().summary().costs().totalSeconds());
            }
            forecast.ended(run);
            finish(outcome);
        }

        private RunOutcome unfinished(PlannedRun run, Path path) {
            return stop.isMade()
                    ? new RunOutcome.Pending(run)
                    : new RunOutcome.Failed(run, "it ended without results after its last experience; see " + path);
        }

        private synchronized void tell(BenchEvent event) {
            listener.accept(event);
        }

        private synchronized void finish(RunOutcome outcome) {
            outcomes.set(plan.runs().indexOf(outcome.run()), outcome);
            listener.accept(new BenchEvent.Finished(outcome, results()));
        }

        synchronized BenchResults results() {
            return new BenchResults(plan.suite(), outcomes);
        }

        private double now() {
            return (System.nanoTime() - began) / 1e9;
        }
    }
}
