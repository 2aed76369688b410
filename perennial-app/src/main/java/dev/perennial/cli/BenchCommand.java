package dev.perennial.cli;

import dev.perennial.bench.Bench;
import dev.perennial.bench.BenchFolder;
import dev.perennial.bench.BenchPlan;
import dev.perennial.bench.BenchResults;
import dev.perennial.bench.Suite;
import dev.perennial.bundle.Bundle;
import dev.perennial.data.DatasetException;
import dev.perennial.report.BenchReport;
import dev.perennial.run.ConfigException;
import dev.perennial.run.StopRequest;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Run a suite: methods times seeds over one stream, and write one table of all.",
            "What is done is skipped, so the same command goes on after an interruption."
        },
        footer = {
            "",
            "Example: perennial bench mtil --data ~/datasets model=openai/clip-vit-base-patch16",
            "Ctrl-C and SIGTERM let the runs at hand save themselves; the same command goes on with them.",
            "Exit codes: 0 done, 1 a run failed, 2 wrong usage, or the suite's data are not there, 75 stopped."
        })
final class BenchCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SUITE", description = "YAML file, or a name: demo, mtil-micro, mtil.")
    private String suiteName = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Settings that replace those of all runs, such as training.steps=100.")
    private List<String> overrides = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where runs and tables go; runs/<suite> if not given.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "What the suite's data paths are relative to; the suite's own folder if not given.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Runs at the same time (default: ${DEFAULT-VALUE}).")
    private int jobs = 1;

    @Option(
            names = "--methods",
            paramLabel = "NAMES",
            description = "Some rows of the suite only, such as frozen,zscl.")
    private List<String> methods = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "NUMBERS",
            split = ",",
            description = "Seeds in place of those of the suite, such as 1,2,3.")
    private List<Long> seeds = List.of();

    @Option(names = "--dry-run", description = "Say what is done and what is to do, write the tables, and run nothing.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        if (jobs < 1) {
            throw new ConfigException("--jobs must be at least 1 but is " + jobs);
        }
        SuiteSource source = SuiteSource.find(suiteName, new Bundle(Folders.bundled()));
        Suite suite = chosen(source.suite());
        Path folder = output.orElseGet(() -> Path.of("runs", suite.name()));
        BenchPlan plan = plan(suite, data.orElseGet(source::baseFolder));
        PrintWriter out = spec.commandLine().getOut();
        StopRequest stop = new StopRequest();
        BenchResults results = run(plan, folder, stop, System.out, out);
        out.println();
        out.println(BenchReport.plain(results));
        out.println("report: " + folder.resolve("report.html"));
        if (stop.isMade()) {
            out.println("stopped; the same command goes on");
        }
        out.flush();
        return stop.isMade() ? Failures.STOPPED : results.failed().isEmpty() ? 0 : Failures.FAILURE;
    }

    private Suite chosen(Suite suite) {
        Suite some = methods.isEmpty() ? suite : suite.withMethods(Csv.values(methods));
        return seeds.isEmpty() ? some : some.withSeeds(seeds);
    }

    private BenchPlan plan(Suite suite, Path baseFolder) {
        try {
            return BenchPlan.of(
                    suite,
                    overrides.stream().map(BenchCommand::absoluteModel).toList(),
                    baseFolder.toAbsolutePath().normalize(),
                    ModelOption.source(),
                    Folders.shards());
        } catch (DatasetException e) {
            throw new ConfigException("suite " + suite.name() + " is skipped, its data cannot be used: "
                    + e.getMessage() + " (--data says where the data are)");
        }
    }

    /** A model beside the user is meant even where data paths are relative to another folder. */
    private static String absoluteModel(String override) {
        String key = "model=";
        Path path = Path.of(override.startsWith(key) ? override.substring(key.length()) : "");
        return override.startsWith(key) && Files.exists(path) ? key + path.toAbsolutePath() : override;
    }

    private BenchResults run(BenchPlan plan, Path path, StopRequest stop, PrintStream console, PrintWriter out)
            throws InterruptedException {
        try (BenchFolder folder = BenchFolder.open(path);
                var view = new BenchView(out, path, plan.runs().size(), jobs);
                var _ = new Signals(stop, console::println)) {
            var bench = new Bench(folder, new ChildRuns(path, stop), jobs, stop, view);
            BenchResults results = dryRun ? bench.results(plan) : bench.execute(plan);
            BenchReport.write(results, path);
            return results;
        }
    }
}
