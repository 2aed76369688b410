package dev.perennial.cli;

import dev.perennial.clip.config.Activation;
import dev.perennial.judge.Benchmark;
import dev.perennial.judge.Benchmarks;
import dev.perennial.judge.Judge;
import dev.perennial.judge.Judge.Verdict;
import dev.perennial.judge.ModelUnderTest;
import dev.perennial.judge.PeriodBenchmarks;
import dev.perennial.judge.Periods;
import dev.perennial.report.JudgeReport;
import dev.perennial.report.PeriodReport;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ModelSource;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Judge models on benchmarks, side by side, with confidence intervals and paired tests.",
            "Results are kept by the hashes of model, data and program, so the same question is answered at once."
        },
        footer = {
            "",
            "Example: perennial evaluate -m perennial-micro,runs/finetune -b zero-shot:bundled:fashion-mnist -o judged",
            "Example: perennial evaluate --by year perennial-micro runs/finetune",
            "Kinds: zero-shot, retrieval, mmvp-vlm, mirb; a YAML file of benchmarks states more, see docs/evaluation.md.",
            "Exit codes: 0 done, 1 something failed, 2 wrong usage or no such model or data."
        })
final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL[,MODEL...]",
            split = ",",
            description = "Model folders or checkpoint files, folders of runs (their newest checkpoints), hub ids of"
                    + " models that were pulled, or bundled models. Others are compared with the first.")
    private List<String> models = List.of();

    @Parameters(
            index = "0..*",
            paramLabel = "MODEL",
            description = "Models, as with --model; those of --model come first.")
    private List<String> furtherModels = List.of();

    @Option(
            names = {"-b", "--benchmark"},
            paramLabel = "BENCHMARK[,BENCHMARK...]",
            split = ",",
            description = "KIND:PATH, such as retrieval:data/captions.csv, or a YAML file of benchmarks; with --by one"
                    + " benchmark, retrieval:bundled:emoji if not given.")
    private List<String> benchmarks = List.of();

    @Option(
            names = "--by",
            paramLabel = "FIELD",
            description =
                    "Compare the models on each value of a whole number that samples state, such as year, and on old"
                            + " and new samples: is one better on what is new alone?")
    private Optional<String> by = Optional.empty();

    @Option(
            names = "--periods",
            paramLabel = "N",
            description = "With --by: N periods of about equal size, in place of one for each value.")
    private Optional<Integer> periods = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "VALUE",
            description = "With --by: the first value that counts as new; the later half of the periods if not given.")
    private Optional<Long> since = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where table.csv, table.md and report.html are written; nothing is if not given.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--activation",
            paramLabel = "quick_gelu|gelu",
            description = "Activation of checkpoint files that come without a configuration.")
    private Optional<Activation> activation = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<String> named =
                Stream.concat(models.stream(), furtherModels.stream()).toList();
        if (named.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no model is named; give one or more");
        }
        if (named.stream().distinct().count() < named.size()) {
            throw new ParameterException(spec.commandLine(), "a model is named twice in " + named);
        }
        if (by.isEmpty() && (periods.isPresent() || since.isPresent())) {
            throw new ParameterException(spec.commandLine(), "--periods and --since need --by");
        }
        if (benchmarks.isEmpty() && by.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no benchmark is named; give one with --benchmark");
        }
        List<ModelUnderTest> tested = named.stream().map(this::model).toList();
        by.ifPresentOrElse(field -> compare(field, tested), () -> judge(tested));
        return 0;
    }

    private void judge(List<ModelUnderTest> tested) {
        List<Benchmark> opened = new Benchmarks(Folders.shards()).open(benchmarks);
        try {
            List<Verdict> verdicts = verdicts(tested, opened);
            finish(JudgeReport.plain(verdicts), verdicts, folder -> JudgeReport.write(verdicts, folder));
        } finally {
            opened.forEach(Benchmark::close);
        }
    }

    private void compare(String field, List<ModelUnderTest> tested) {
        if (benchmarks.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--by compares on one benchmark, not on " + benchmarks);
        }
        var cut = new Periods(
                field,
                periods.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                since.map(OptionalLong::of).orElseGet(OptionalLong::empty));
        String named = benchmarks.isEmpty() ? "retrieval:bundled:emoji" : benchmarks.getFirst();
        try (PeriodBenchmarks opened = new Benchmarks(Folders.shards()).openByTime(named, cut)) {
            List<Verdict> verdicts = verdicts(tested, opened.benchmarks());
            PeriodReport report = PeriodReport.of(opened, verdicts);
            finish(report.plain(), verdicts, report::write);
        }
    }

    private static List<Verdict> verdicts(List<ModelUnderTest> tested, List<Benchmark> opened) {
        PrintStream terminal = System.err;
        try (Progress progress = new Progress(terminal)) {
            var judge = new Judge(Folders.evaluations(), (task, done, total) -> progress.at(task, done, total, ""));
            return judge.judge(tested, opened);
        }
    }

    private ModelUnderTest model(String name) {
        ModelSource source = ModelOption.source();
        Path path = source.find(name, Path.of(""));
        Optional<Activation> stated = AdaptedModel.isRun(path) ? Optional.empty() : activation;
        return new ModelUnderTest(name, path, source, ModelOption.options(stated));
    }

    private void finish(String plain, List<Verdict> verdicts, Consumer<Path> writing) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(plain);
        int known = verdicts.stream().mapToInt(Verdict::known).sum();
        int all =
                verdicts.stream().mapToInt(verdict -> verdict.results().size()).sum();
        if (known > 0) {
            out.println(known + " of " + all + " results were known already");
        }
        output.ifPresent(folder -> {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(folder + ": cannot be created", e);
            }
            writing.accept(folder);
            out.println("report: " + folder.resolve("report.html"));
        });
        out.flush();
    }
}
