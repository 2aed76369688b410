package dev.perennial.cli;

import dev.perennial.bundle.Bundle;
import dev.perennial.evaluate.RunResults;
import dev.perennial.report.Report;
import dev.perennial.run.FollowEnd;
import dev.perennial.run.RunConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "See a small CLIP meet a stream of four data sets three times: frozen, by fine-tuning, and by RAIL.",
            "Uses the bundled model and data; needs nothing else."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String CONFIG = "/dev/perennial/bundle/demo.yaml";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where the runs and the report go; a new folder runs/demo-<time> if not given.")
    private Optional<Path> output = Optional.empty();

    @Override
    public Integer call() {
        Path folder = output.orElseGet(() -> Path.of(
                "runs",
                "demo-"
                        + LocalDateTime.now(ZoneId.systemDefault())
                                .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"))));
        PrintStream out = System.out;
        out.println("A small CLIP meets four data sets, one after another. After each, it is judged on all of them,");
        out.println("and on finding clip art by its title, which no experience teaches.");
        Path data = new Bundle(Folders.bundled()).data();
        List<RunResults> results = new ArrayList<>();
        for (String method : List.of("frozen", "finetune", "rail")) {
            out.println();
            var resolved = RunConfig.readResource(CONFIG, List.of("method=" + method, "name=" + method), data);
            results.add(Runs.start(resolved, folder.resolve(method), FollowEnd.NEVER, new RunView(out))
                    .orElseThrow());
        }
        Path report = folder.resolve("report.html");
        Report.write(results, report);
        out.println();
        out.println(Report.plain(results));
        out.println("report: " + report);
        return 0;
    }
}
