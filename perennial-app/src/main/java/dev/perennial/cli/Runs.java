package dev.perennial.cli;

import dev.perennial.evaluate.RunResults;
import dev.perennial.run.AdaptRun;
import dev.perennial.run.ConfigException;
import dev.perennial.run.RunConfig;
import dev.perennial.run.RunEvent;
import dev.perennial.run.RunFolder;
import dev.perennial.run.RunStoppedException;
import dev.perennial.run.StopRequest;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/** Starts and resumes runs, shows how they go, and stops them when the user asks. */
final class Runs {
    private Runs() {}

    /** Shows how a run goes; closing it leaves the terminal to others. */
    interface View extends Consumer<RunEvent>, AutoCloseable {
        /** Prints a line below what is shown. */
        void line(String text);

        @Override
        void close();
    }

    /** Runs a configuration in a new folder. */
    static RunResults start(RunConfig.Resolved resolved, Path folder, View view) {
        return watch(resolved, folder, view, run -> run.execute(folder));
    }

    /** Goes on with the run of a folder. */
    static RunResults resume(Path folder, View view) {
        return watch(RunFolder.configuration(folder), folder, view, run -> run.resume(folder));
    }

    private static RunResults watch(
            RunConfig.Resolved resolved, Path folder, View view, Function<AdaptRun, RunResults> work) {
        StopRequest stop = new StopRequest();
        try (view;
                var _ = new Signals(stop, view::line)) {
            return work.apply(new AdaptRun(resolved, ModelOption.source(), Folders.shards(), view, stop));
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
