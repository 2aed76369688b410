package dev.perennial.cli;

import dev.perennial.run.RunFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code perennial resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Go on with a run that was stopped, cut off or killed, from its newest whole checkpoint.",
            "The results are those that it would have had without a stop.",
            "A run that follows a folder goes on following it."
        },
        footer = {"", "Example: perennial resume runs/shop"})
final class ResumeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run folder.")
    private Path folder = Path.of("");

    @Mixin
    private WatchOption watch = new WatchOption();

    @Mixin
    private FollowOption until = new FollowOption();

    @Override
    public Integer call() {
        until.requireFollowed(Runs.follows(RunFolder.configuration(folder)));
        Runs.show(Runs.resume(folder, until.end(), watch.view(System.out)), folder, System.out);
        return 0;
    }
}
