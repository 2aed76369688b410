package dev.perennial.cli;

import dev.perennial.evaluate.RunResults;
import dev.perennial.run.AdaptRun;
import dev.perennial.run.ConfigException;
import dev.perennial.run.RunConfig;
import dev.perennial.run.RunFolder;
import dev.perennial.run.RunStoppedException;
import dev.perennial.run.StopRequest;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Function;

/** Starts and resumes runs, shows how they go, and stops them when the user asks. */
final class Runs {
    private Runs() {}

    /** Runs a configuration in a new folder. */
    static RunResults start(RunConfig.Resolved resolved, Path folder, PrintStream out) {
        return watch(resolved, folder, out, run -> run.execute(folder));
    }

    /** Goes on with the run of a folder. */
    static RunResults resume(Path folder, PrintStream out) {
        return watch(RunFolder.configuration(folder), folder, out, run -> run.resume(folder));
    }

    private static RunResults watch(
            RunConfig.Resolved resolved, Path folder, PrintStream out, Function<AdaptRun, RunResults> work) {
        StopRequest stop = new StopRequest();
        try (Progress progress = new Progress(out);
                var _ = new Signals(stop, out)) {
            return work.apply(
                    new AdaptRun(resolved, ModelOption.source(), Folders.shards(), new RunView(progress), stop));
        } catch (ConfigException | RunStoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            if (RunFolder.isResumable(folder)) {
                out.println("what was saved last is whole; go on with 'perennial resume " + folder + "'");
            }
            throw e;
        }
    }
}
