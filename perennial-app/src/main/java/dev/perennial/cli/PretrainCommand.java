package dev.perennial.cli;

import dev.perennial.pretrain.PretrainConfig;
import dev.perennial.pretrain.PretrainData;
import dev.perennial.pretrain.PretrainReport;
import dev.perennial.pretrain.Pretraining;
import dev.perennial.pretrain.distill.DistillationOpener;
import dev.perennial.report.TrainingPage;
import dev.perennial.run.PretrainConfigs;
import dev.perennial.run.StopRequest;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Streams;
import dev.perennial.teacher.onnx.OnnxTeachers;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code perennial pretrain}. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = {
            "Train a small CLIP from scratch, its vocabulary first, and write it as a Hugging Face folder.",
            "Ctrl-C and SIGTERM finish the step, save and exit with 75; go on with --resume."
        })
final class PretrainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "YAML file: sizes, data, training, validation.")
    private Path config = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Settings that replace those of the file, such as training.steps=1000.")
    private List<String> overrides = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            required = true,
            description = "Where the model is written, at every validation.")
    private Path output = Path.of("");

    @Option(
            names = "--resume",
            description = "Go on with the interrupted training in FOLDER, to the same model bit for bit.")
    private boolean resume;

    @Override
    public Integer call() {
        PretrainConfigs.Resolved resolved = PretrainConfigs.read(config, overrides);
        PretrainConfig settings = resolved.config();
        PrintStream out = System.out;
        Streams opener = new Streams(resolved.baseFolder(), Folders.shards());
        StopRequest stop = new StopRequest();
        boolean finished;
        try (PretrainData data = new PretrainData(settings.data(), resolved.baseFolder(), Folders.shards());
                Progress progress = new Progress(out);
                var _ = new Signals(stop, out::println)) {
            List<EvaluationSet> validation =
                    settings.validation().stream().map(opener::control).toList();
            var teachers = new DistillationOpener(
                    new OnnxTeachers(),
                    resolved.baseFolder(),
                    Folders.cache().resolve("teachers"),
                    settings.training().threads());
            var pretraining = new Pretraining(
                    settings,
                    resolved.identity(),
                    data,
                    teachers,
                    validation,
                    report -> show(report, progress, resolved),
                    stop::isMade);
            finished = pretraining.run(output, resume);
            validation.forEach(set -> set.test().close());
        }
        if (!finished) {
            out.println("stopped and saved; go on with the same command and --resume");
            return Failures.STOPPED;
        }
        out.println("model: " + output + ", its course: " + output.resolve("training.html"));
        return 0;
    }

    private void show(PretrainReport report, Progress progress, PretrainConfigs.Resolved resolved) {
        switch (report) {
            case PretrainReport.VocabularyTrained(int tokens, long texts) ->
                progress.line("vocabulary of %,d tokens from %,d texts".formatted(tokens, texts));
            case PretrainReport.Asked(String teacher, int done, int total) ->
                progress.at("asking the " + teacher + " teacher", done, total, "");
            case PretrainReport.Stepped stepped ->
                progress.at(
                        "pretraining",
                        stepped.step(),
                        stepped.steps(),
                        "loss %.3f, %.0f samples/s, %s left"
                                .formatted(stepped.loss(), stepped.samplesPerSecond(), time(stepped.secondsLeft())));
            case PretrainReport.Validated validated -> {
                TrainingPage.write(
                        resolved.config().name(),
                        resolved.yaml(),
                        validated.history(),
                        output.resolve("training.html"));
                progress.line("step %,d: ".formatted(validated.step())
                        + validated.scores().entrySet().stream()
                                .map(e -> String.format(Locale.ROOT, "%s %.1f", e.getKey(), e.getValue()))
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? "%d:%02d".formatted(whole / 60, whole % 60)
                : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
    }
}
