package dev.perennial.cli;

import dev.perennial.bundle.Bundle;
import dev.perennial.evaluate.RunResults;
import dev.perennial.report.Report;
import dev.perennial.run.AdaptRun;
import dev.perennial.run.ModelSource;
import dev.perennial.run.RunConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code perennial adapt}. */
@Command(
        name = "adapt",
        mixinStandardHelpOptions = true,
        description = "Let a method learn a stream, judge it after every experience, and write a report.",
        footer = {"", "Example: perennial adapt tasks.yaml method=finetune training.learning-rate=1e-4"})
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

    @Override
    public Integer call() {
        RunConfig.Resolved read = RunConfig.read(config, overrides);
        RunConfig.Resolved resolved =
                new RunConfig.Resolved(read.config(), read.tree(), base.orElseGet(read::baseFolder));
        Path folder = output.orElseGet(() -> Path.of("runs", resolved.config().name()));
        RunResults results = run(resolved, folder, System.out);
        Path report = folder.resolve("report.html");
        Report.write(List.of(results), report);
        System.out.println(Report.plain(List.of(results)));
        System.out.println("report: " + report);
        return 0;
    }

    /** Runs a configuration and shows how it goes. */
    static RunResults run(RunConfig.Resolved resolved, Path folder, PrintStream out) {
        ModelSource models = new ModelSource(new Bundle(Folders.bundled()).models(), Folders.models());
        try (Progress progress = new Progress(out)) {
            return new AdaptRun(resolved, models, Folders.shards(), new RunView(progress)).execute(folder);
        }
    }
}
