package dev.perennial.cli;

import dev.perennial.evaluate.RunResults;
import dev.perennial.report.Report;
import java.nio.file.Path;
import java.util.List;
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
            "The results are those that it would have had without a stop."
        },
        footer = {"", "Example: perennial resume runs/shop"})
final class ResumeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run folder.")
    private Path folder = Path.of("");

    @Mixin
    private WatchOption watch = new WatchOption();

    @Override
    public Integer call() {
        RunResults results = Runs.resume(folder, watch.view(System.out));
        Path report = folder.resolve("report.html");
        Report.write(List.of(results), report);
        System.out.println(Report.plain(List.of(results)));
        System.out.println("report: " + report);
        return 0;
    }
}
