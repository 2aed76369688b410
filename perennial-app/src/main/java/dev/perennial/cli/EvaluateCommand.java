package dev.perennial.cli;

import dev.perennial.clip.config.Activation;
import dev.perennial.judge.Benchmark;
import dev.perennial.judge.Benchmarks;
import dev.perennial.judge.Judge;
import dev.perennial.judge.Judge.Verdict;
import dev.perennial.judge.ModelUnderTest;
import dev.perennial.report.JudgeReport;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
            "Kinds: zero-shot, retrieval, mmvp-vlm, mirb; a YAML file of benchmarks states more, see docs/evaluation.md.",
            "Exit codes: 0 done, 1 something failed, 2 wrong usage or no such model or data."
        })
final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL[,MODEL...]",
            required = true,
            split = ",",
            description = "Model folders or checkpoint files, folders of runs (their newest checkpoints), hub ids of"
                    + " models that were pulled, or bundled models. Others are compared with the first.")
    private List<String> models = List.of();

    @Option(
            names = {"-b", "--benchmark"},
            paramLabel = "BENCHMARK[,BENCHMARK...]",
            required = true,
            split = ",",
            description = "KIND:PATH, such as retrieval:data/captions.csv, or a YAML file of benchmarks.")
    private List<String> benchmarks = List.of();

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
        if (models.stream().distinct().count() < models.size()) {
            throw new ParameterException(spec.commandLine(), "a model is named twice in " + models);
        }
        List<ModelUnderTest> tested = models.stream().map(this::model).toList();
        PrintStream terminal = System.err;
        List<Benchmark> opened = new Benchmarks(Folders.shards()).open(benchmarks);
        try (Progress progress = new Progress(terminal)) {
            var judge = new Judge(Folders.evaluations(), (task, done, total) -> progress.at(task, done, total, ""));
            finish(judge.judge(tested, opened));
        } finally {
            opened.forEach(Benchmark::close);
        }
        return 0;
    }

    private ModelUnderTest model(String name) {
        ModelSource source = ModelOption.source();
        Path path = source.find(name, Path.of(""));
        Optional<Activation> stated = AdaptedModel.isRun(path) ? Optional.empty() : activation;
        return new ModelUnderTest(name, path, source, ModelOption.options(stated));
    }

    private void finish(List<Verdict> verdicts) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(JudgeReport.plain(verdicts));
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
            JudgeReport.write(verdicts, folder);
            out.println("report: " + folder.resolve("report.html"));
        });
        out.flush();
    }
}
