package dev.perennial.cli;

import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.run.AdapterFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code perennial models inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Say what a checkpoint is: format, sizes, activation, types, hash, and what lies beside it.",
        footer = {
            "",
            "Example: perennial models inspect openai/clip-vit-base-patch32 --format json",
            "Exit codes: 0 done, 1 the checkpoint cannot be read, 2 wrong usage or no such model."
        })
final class ModelsInspectCommand implements Callable<Integer> {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Parameters(
            paramLabel = "MODEL",
            description = "A model folder or checkpoint file, the name of a model, or a file of adapters.")
    private String model = "";

    @Option(
            names = "--activation",
            paramLabel = "quick_gelu|gelu",
            description = "Activation of a checkpoint file that comes without a configuration.")
    private Optional<Activation> activation = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "How it is printed (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** How it is printed. */
    private enum Format {
        TABLE,
        JSON
    }

    @Override
    public Integer call() {
        Path path = ModelOption.source().find(model, Path.of(""));
        ObjectNode facts = AdapterFile.isAdapter(path) ? adapterFacts(path) : modelFacts(path);
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSON -> out.println(JSON.writeValueAsString(facts));
            case TABLE -> {
                Columns table = new Columns("property", "value");
                facts.forEachEntry((name, value) -> table.row(name.replace('-', ' '), text(value)));
                out.print(table);
            }
        }
        out.flush();
        return 0;
    }

    private static String text(JsonNode value) {
        return value.isObject()
                ? value.propertyStream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                : value.asString();
    }

    private static ObjectNode adapterFacts(Path path) {
        try (AdapterFile adapter = AdapterFile.open(path)) {
            AdapterFile.Content content = adapter.content();
            ObjectNode facts = JSON.createObjectNode();
            facts.put("path", path.toString());
            facts.put("format", "adapter");
            facts.put("method", content.adaptation().method());
            facts.put("learned", content.stream() + ", " + content.experiences() + " of its experiences");
            facts.put("parameters", adapter.parameterCount());
            facts.put("model", content.model());
            facts.put("model-sha256", content.modelSha256());
            facts.put("index-stays-valid", content.keepsUnseenImages());
            facts.put("commit", content.commit());
            return facts;
        }
    }

    private ObjectNode modelFacts(Path path) {
        try (Checkpoint checkpoint = CheckpointReader.open(path, ModelOption.options(activation))) {
            return facts(path, checkpoint);
        }
    }

    private static ObjectNode facts(Path path, Checkpoint checkpoint) {
        ClipConfig config = checkpoint.config();
        ObjectNode facts = JSON.createObjectNode();
        facts.put("path", path.toString());
        facts.put("format", checkpoint.format().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        facts.put("parameters", config.parameterCount());
        facts.put("embedding", config.embedDim());
        facts.put("image-tower", ModelSizes.imageTower(config.vision()));
        facts.put("text-tower", ModelSizes.textTower(config.text()));
        facts.put("activation", config.activation().configName());
        ObjectNode types = facts.putObject("tensors");
        checkpoint.typeCounts().forEach((type, count) -> types.put(type.name(), count));
        checkpoint.logitBias().ifPresent(bias -> facts.put("logit-bias", bias));
        facts.put("sha256", checkpoint.sha256());
        facts.put(
                "tokenizer",
                checkpoint.tokenizerFolder().map(Path::toString).orElse("none beside it, so OpenAI's is used"));
        facts.put(
                "preprocessing",
                checkpoint.preprocessing().map(Path::toString).orElse("none beside it, so OpenAI's is used"));
        return facts;
    }
}
