package dev.perennial.cli;

import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.Datasets;
import dev.perennial.probe.EmbeddedSet;
import dev.perennial.probe.LinearProbe;
import dev.perennial.report.TextTable;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.RunConfig;
import dev.perennial.stream.TaskSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial probe}. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Train a linear classifier on a model's frozen image embeddings, for each labelled data set of a stream.",
            "Far above the zero-shot score, it tells that the text tower is the weak one."
        },
        footer = {"", "Example: perennial probe configs/perennial-micro-scores.yaml -m perennial-micro"})
final class ProbeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "YAML file of a run; its stream names the data sets.")
    private Path config = Path.of("");

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Settings that replace those of the file.")
    private List<String> overrides = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ModelOption model = new ModelOption();

    @Override
    public Integer call() {
        RunConfig.Resolved resolved = RunConfig.read(config, overrides);
        PrintStream out = System.out;
        var stream = resolved.config().stream();
        var table =
                new TextTable(List.of("data set", "train images", "test images", "classes", "linear probe", "chance"));
        BadSamples bad = new BadSamples();
        try (AdaptedModel adapted = model.open();
                Progress progress = new Progress(out)) {
            List<TaskSpec> tasks = Stream.concat(
                            stream.tasks().stream(), stream.control().stream().flatMap(List::stream))
                    .filter(task -> task.captions().isEmpty())
                    .toList();
            for (TaskSpec task : tasks) {
                try (Dataset train = open(task, resolved.baseFolder(), "train", task.trainLimit());
                        Dataset test = open(task, resolved.baseFolder(), "test", task.testLimit())) {
                    EmbeddedSet learned = embed(adapted, train, bad, progress);
                    EmbeddedSet judged = embed(adapted, test, bad, progress);
                    int classes = train.classNames().size();
                    double accuracy = LinearProbe.accuracy(
                            learned.rows(), learned.labels(), judged.rows(), judged.labels(), classes);
                    table.row(
                            task.name(),
                            "%,d".formatted(learned.rows().length),
                            "%,d".formatted(judged.rows().length),
                            "%d".formatted(classes),
                            String.format(Locale.ROOT, "%.1f", accuracy),
                            String.format(Locale.ROOT, "%.1f", 100.0 / classes));
                }
            }
        }
        spec.commandLine().getOut().print(table.plain());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static Dataset open(TaskSpec task, Path baseFolder, String split, OptionalInt limit) {
        Dataset dataset = Datasets.open(task.data(), baseFolder, split, Folders.shards());
        return limit.isPresent() ? dataset.limit(limit.getAsInt()) : dataset;
    }

    private static EmbeddedSet embed(AdaptedModel model, Dataset dataset, BadSamples bad, Progress progress) {
        return EmbeddedSet.of(
                model.clip(),
                model.preprocessing(),
                dataset,
                bad,
                done -> progress.at("embedding " + dataset.info().title(), done, dataset.size(), ""));
    }
}
