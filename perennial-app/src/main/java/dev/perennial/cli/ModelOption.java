package dev.perennial.cli;

import dev.perennial.bundle.Bundle;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.config.Activation;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ModelSource;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that uses a model. */
final class ModelOption {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            required = true,
            description =
                    "A model folder or checkpoint file, the folder of a run (its newest checkpoint), the hub id of a"
                            + " model that was pulled, or the name of a bundled one.")
    private String model = "";

    @Option(
            names = "--activation",
            paramLabel = "quick_gelu|gelu",
            description = "Activation of a checkpoint file that comes without a configuration.")
    private Optional<Activation> activation = Optional.empty();

    @Option(
            names = "--adapter",
            paramLabel = "FILE",
            description = "What a run has learned beside this model, as 'models adapter' saved it.")
    private Optional<Path> adapter = Optional.empty();

    /** Returns what the user calls the model. */
    String name() {
        return model;
    }

    /** Opens the model; the caller closes it. */
    AdaptedModel open() {
        ModelSource source = source();
        Path path = source.find(model, Path.of(""));
        return adapter.map(file -> AdaptedModel.withAdapter(path, options(activation), file))
                .orElseGet(() -> AdaptedModel.open(path, source, options(activation)));
    }

    /** Returns where models are found. */
    static ModelSource source() {
        return new ModelSource(new Bundle(Folders.bundled()).models(), Folders.models());
    }

    /** Returns what the user says about a checkpoint. */
    static CheckpointOptions options(Optional<Activation> activation) {
        return activation.map(CheckpointOptions.NONE::withActivation).orElse(CheckpointOptions.NONE);
    }
}
