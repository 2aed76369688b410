package dev.perennial.cli;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ModelConfigs;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.run.ConfigException;
import dev.perennial.run.Suggestion;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial models init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Write a model with random weights, for a run that learns from scratch: architecture, tokenizer and image preparation are"
                        + " those of another model.",
        footer = {
            "",
            "Example: perennial models init perennial-micro untrained --seed 1",
            "Exit codes: 0 done, 1 the model cannot be read, 2 wrong usage or no such model."
        })
final class ModelsInitCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "LIKE",
            description =
                    "A model's name, folder or checkpoint file, or an architecture that 'models ls' knows, which has OpenAI's tokenizer.")
    private String like = "";

    @Parameters(index = "1", paramLabel = "TARGET_FOLDER", description = "Where it is written; a new or empty folder.")
    private Path target = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "42",
            description = "Decides the weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        NewFolder.require(target);
        Optional<ClipConfig> architecture = ModelConfigs.find(like);
        if (architecture.isPresent()) {
            ClipConfig config = architecture.get();
            write(
                    config,
                    Tokenizer.openai(),
                    Preprocessing.openai(config.vision().imageSize()));
        } else {
            try (Clip model = Clip.load(find())) {
                write(model.config(), model.tokenizer(), model.preprocessing());
            }
        }
        spec.commandLine().getOut().println("model: " + target);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Path find() {
        try {
            return ModelOption.source().find(like, Path.of(""));
        } catch (ConfigException e) {
            throw Suggestion.nearest(like, ModelConfigs.names())
                    .map(name -> new ConfigException(
                            "there is no model or architecture '" + like + "'; did you mean '" + name + "'?"))
                    .orElse(e);
        }
    }

    private void write(ClipConfig config, Tokenizer tokenizer, Preprocessing preprocessing) {
        var weights = Initialization.draw(config, new RandomStreams(seed).stream("initial weights"));
        try (var clip = new Clip(config, weights, tokenizer, preprocessing)) {
            clip.save(target, StoredType.F32);
        }
    }
}
