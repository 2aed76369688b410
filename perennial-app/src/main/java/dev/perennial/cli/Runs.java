package dev.perennial.cli;

import dev.perennial.evaluate.RunResults;
import dev.perennial.report.Report;
import dev.perennial.run.AdaptRun;
import dev.perennial.run.ConfigException;
import dev.perennial.run.FollowEnd;
import dev.perennial.run.FollowRun;
import dev.perennial.run.RunConfig;
import dev.perennial.run.RunEvent;
import dev.perennial.run.RunFolder;
import dev.perennial.run.RunStoppedException;
import dev.perennial.run.StopRequest;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts and resumes runs, shows how they go, and stops them when the user asks. */
final class Runs {
    private static final String REPORT = "report.html";

    private Runs() {}

    /** Shows how a run goes; closing it leaves the terminal to others. */
    interface View extends Consumer<RunEvent>, AutoCloseable {
        /** Prints a line below what is shown. */
        void line(String text);

        @Override
        void close();
    }

    /** Runs a configuration in a new folder; returns nothing where a followed folder has led to no model yet. */
    static Optional<RunResults> start(RunConfig.Resolved resolved, Path folder, FollowEnd end, View view) {
        return run(resolved, folder, end, view, false);
    }

    /** Goes on with the run of a folder. */
    static Optional<RunResults> resume(Path folder, FollowEnd end, View view) {
        return run(RunFolder.configuration(folder), folder, end, view, true);
    }

    /** Tells whether a configuration follows a folder. */
    static boolean follows(RunConfig.Resolved resolved) {
        return resolved.config().stream().follow().isPresent();
    }

    /** Writes the report and shows the results as text. */
    static void show(Optional<RunResults> results, Path folder, PrintStream out) {
        if (results.isEmpty()) {
            out.println("no model was promoted, so the pretrained one is current; 'perennial current " + folder
                    + "' says what became of each shard");
            return;
        }
        Report.write(List.of(results.get()), folder.resolve(REPORT));
        out.println(Report.plain(List.of(results.get())));
        out.println("report: " + folder.resolve(REPORT));
    }

    private static Optional<RunResults> run(
            RunConfig.Resolved resolved, Path folder, FollowEnd end, View view, boolean again) {
        StopRequest stop = new StopRequest();
        try (view;
                var _ = new Signals(stop, view::line)) {
            Optional<RunResults> results;
            if (follows(resolved)) {
                // It may never end, so the page is written at every verdict.
                var run = new FollowRun(
                        resolved,
                        ModelOption.source(),
                        Folders.shards(),
                        event -> {
                            view.accept(event);
                            if (event instanceof RunEvent.Decided && Files.exists(folder.resolve("summary.json"))) {
                                Report.write(List.of(RunResults.read(folder)), folder.resolve(REPORT));
                            }
                        },
                        stop,
                        end);
                results = again ? run.resume(folder) : run.execute(folder);
            } else {
                var run = new AdaptRun(resolved, ModelOption.source(), Folders.shards(), view, stop);
                results = Optional.of(again ? run.resume(folder) : run.execute(folder));
            }
            return results;
        } catch (ConfigException | RunStoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            if (RunFolder.isResumable(folder)) {
                view.line("what was saved last is whole; go on with 'perennial resume " + folder + "'");
            }
            throw e;
        }
    }
}
