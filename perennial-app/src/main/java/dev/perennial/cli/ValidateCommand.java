package dev.perennial.cli;

import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.data.DatasetException;
import dev.perennial.run.ConfigException;
import dev.perennial.run.RunConfig;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.stream.Streams;
import dev.perennial.stream.TaskSpec;
import dev.perennial.train.TrainingConfig;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial validate}. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description =
                "Check the configuration of a run, its model and its data sets, without loading weights or images.",
        footer = {
            "",
            "Example: perennial validate mtil.yaml method=finetune training.steps=100",
            "Exit codes: 0 the run can start, 2 it cannot, and the message says why."
        })
final class ValidateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "YAML file of the run.")
    private Path config = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Settings that replace those of the file, such as training.steps=1000.")
    private List<String> overrides = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        RunConfig.Resolved resolved = RunConfig.read(config, overrides);
        String summary;
        try {
            Path model = ModelOption.source().find(resolved.config().model(), resolved.baseFolder());
            long macs;
            try (Checkpoint checkpoint = CheckpointReader.open(model, CheckpointOptions.NONE)) {
                macs = checkpoint.config().macs();
            }
            if (Runs.follows(resolved)) {
                return followed(resolved);
            }
            try (ExperienceStream stream =
                    new Streams(resolved.baseFolder(), Folders.shards()).open(resolved.config().stream())) {
                summary = summary(resolved.config(), macs, stream);
            }
        } catch (CheckpointException | DatasetException | IllegalArgumentException | UncheckedIOException e) {
            // What a configuration points to is part of what is validated, so its faults are the configuration's.
            throw new ConfigException(config + ": " + e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Config is well-formed: " + summary);
        out.flush();
        return 0;
    }

    /** The steps of a followed folder are yet to come; its control sets are there. */
    private int followed(RunConfig.Resolved resolved) {
        var streams = new Streams(resolved.baseFolder(), Folders.shards());
        List<TaskSpec> control = resolved.config().stream().control().orElse(List.of());
        control.forEach(task -> streams.control(task).test().close());
        PrintWriter out = spec.commandLine().getOut();
        out.println("Config is well-formed: method %s, model %s, follows %s, %d for control%s"
                .formatted(
                        resolved.config().method(),
                        resolved.config().model(),
                        resolved.config().stream().follow().orElseThrow().folder(),
                        control.size(),
                        resolved.config().gates().isPresent() ? "" : "; no gates, so every model becomes current"));
        out.flush();
        return 0;
    }

    private static String summary(RunConfig config, long macs, ExperienceStream stream) {
        TrainingConfig training = config.training().forModel(macs);
        long steps = stream.experiences().stream()
                .mapToLong(experience -> training.stepsFor(experience.train().size()))
                .sum();
        long control = stream.evaluationSets().stream()
                .filter(set -> set.learnedIn().isEmpty())
                .count();
        return "method %s, model %s, %d task%s%s (%s), %,d training samples, up to %,d steps of %,d"
                .formatted(
                        config.method(),
                        config.model(),
                        stream.experiences().size(),
                        stream.experiences().size() == 1 ? "" : "s",
                        control == 0 ? "" : " and " + control + " for control",
                        String.join(
                                ", ",
                                stream.experiences().stream().map(e -> e.name()).toList()),
                        stream.experiences().stream()
                                .mapToLong(e -> e.train().size())
                                .sum(),
                        steps,
                        config.training().batchSize() * config.training().accumulate());
    }
}
