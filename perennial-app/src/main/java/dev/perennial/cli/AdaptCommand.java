package dev.perennial.cli;

import dev.perennial.evaluate.RunResults;
import dev.perennial.report.Report;
import dev.perennial.run.RunConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code perennial adapt}. */
@Command(
        name = "adapt",
        mixinStandardHelpOptions = true,
        description = "Let a method learn a stream, judge it after every experience, and write a report.",
        footer = {
            "",
            "Ctrl-C and SIGTERM finish the step, save and exit with 75; go on with 'perennial resume FOLDER'.",
            "Example: perennial adapt tasks.yaml method=finetune training.learning-rate=1e-4"
        })
final class AdaptCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "YAML file: model, method, stream.")
    private Path config = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Settings that replace those of the file, such as seed=7.")
    private List<String> overrides = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "The run folder; runs/<name> if not given.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--base",
            paramLabel = "FOLDER",
            description = "What relative paths in CONFIG are relative to; its own folder if not given.")
    private Optional<Path> base = Optional.empty();

    @Mixin
    private WatchOption watch = new WatchOption();

    @Override
    public Integer call() {
        RunConfig.Resolved read = RunConfig.read(config, overrides);
        RunConfig.Resolved resolved =
                new RunConfig.Resolved(read.config(), read.tree(), base.orElseGet(read::baseFolder));
        Path folder = output.orElseGet(() -> Path.of("runs", resolved.config().name()));
        RunResults results = Runs.start(resolved, folder, watch.view(System.out));
        Path report = folder.resolve("report.html");
        Report.write(List.of(results), report);
        System.out.println(Report.plain(List.of(results)));
        System.out.println("report: " + report);
        return 0;
    }
}
