package dev.perennial.cli;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial models convert}. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description =
                "Write any checkpoint that can be read, or what a run has made of one, as a Hugging Face folder: configuration, weights, tokenizer and"
                        + " image preparation.",
        footer = {
            "",
            "Example: perennial models convert ViT-B-32.pt vit-b-32 --dtype float16",
            "Exit codes: 0 done, 1 the checkpoint cannot be read or held, 2 wrong usage or no such model."
        })
final class ModelsConvertCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = "A model folder or checkpoint file, a model's name, or the folder of a run.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "TARGET_FOLDER", description = "Where it is written; a new or empty folder.")
    private Path target = Path.of("");

    @Option(
            names = "--dtype",
            paramLabel = "float32|float16|bfloat16",
            defaultValue = "float32",
            description = "Type of the weights in the file (default: ${DEFAULT-VALUE}).")
    private Type type = Type.FLOAT32;

    @Option(
            names = "--activation",
            paramLabel = "quick_gelu|gelu",
            description = "Activation of a checkpoint file that comes without a configuration.")
    private Optional<Activation> activation = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The types of weights by their usual names. */
    private enum Type {
        FLOAT32(StoredType.F32),
        FLOAT16(StoredType.F16),
        BFLOAT16(StoredType.BF16);

        private final StoredType stored;

        Type(StoredType stored) {
            this.stored = stored;
        }
    }

    @Override
    public Integer call() {
        Path path = ModelOption.source().find(source, Path.of(""));
        NewFolder.require(target);
        CheckpointOptions options = ModelOption.options(activation);
        if (AdaptedModel.isRun(path)) {
            try (AdaptedModel model = AdaptedModel.open(path, ModelOption.source(), options)) {
                model.clip()
                        .exportable()
                        .orElseThrow(() ->
                                new ConfigException(path + ": its method adds to the model what Hugging Face's CLIP"
                                        + " has no place for; use the run itself as a model"))
                        .save(target, type.stored);
            }
        } else {
            requireRepresentable(path, options);
            try (Clip clip = Clip.load(path, options)) {
                clip.save(target, type.stored);
            }
        }
        spec.commandLine().getOut().println("model: " + target);
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** Refuses what the folder could not hold, or would hold wrongly. */
    private static void requireRepresentable(Path path, CheckpointOptions options) {
        try (Checkpoint checkpoint = CheckpointReader.open(path, options)) {
            if (checkpoint.logitBias().isPresent()) {
                throw new CheckpointException(
                        path,
                        "has a logit bias, as models trained like SigLIP do; Hugging Face's CLIP has no place for it");
            }
            int tokens = checkpoint.config().text().vocabularySize();
            if (checkpoint.tokenizerFolder().isEmpty()
                    && tokens != Tokenizer.openai().vocabularySize()) {
                throw new CheckpointException(
                        path,
                        "has no tokenizer beside it, and its " + tokens
                                + " tokens are not OpenAI's; put its tokenizer.json there");
            }
        }
    }
}
