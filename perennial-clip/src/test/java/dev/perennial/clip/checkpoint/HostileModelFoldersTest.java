package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders whose single files are well-formed and do not fit each other, or ask for a model that no machine holds. */
@Timeout(120)
class HostileModelFoldersTest {
    private static final CheckpointOptions QUICK = CheckpointOptions.NONE.withActivation(Activation.QUICK_GELU);

    @TempDir
    Path folder;

    @AfterEach
    void nothingStaysOpen() {
        OpenFiles.assertNoneBelow(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text_config|num_hidden_layers|2147483647|layers is 2147483647",
                "vision_config|num_hidden_layers|1001|1000 is the limit",
                "text_config|num_hidden_layers|0|layers must be positive",
                "vision_config|patch_size|0|patch size must be positive",
                "vision_config|image_size|1073741824|image size is 1073741824",
                "vision_config|image_size|-224|image size must be positive",
                "text_config|hidden_size|2147483647|width is 2147483647",
                "text_config|num_attention_heads|0|heads must be positive",
                "text_config|vocab_size|2147483647|vocabulary size is 2147483647",
                "text_config|max_position_embeddings|-1|context length must be positive",
                "text_config|eos_token_id|-5|end-of-text id -5",
                "text_config|layer_norm_eps|1e999|layer norm epsilon",
                "text_config|layer_norm_eps|-1|layer norm epsilon",
                "text_config|hidden_size|1e3|not an integer",
                "text_config|hidden_size|99999999999999999999|not an integer",
                "text_config|hidden_size|\"64\"|not an integer",
                "text_config|hidden_size|[64]|not an integer",
                "vision_config|num_channels|4|do not have 3 channels",
                "text_config|hidden_act|\"__import__('os')\"|activation",
            })
    void aConfigurationOfAnImpossibleModelIsRefusedByItsKey(String section, String key, String value, String reason)
            throws IOException {
        writeModel();
        Files.writeString(folder.resolve("config.json"), "{\"" + section + "\": {\"" + key + "\": " + value + "}}");
        refused(folder, "config.json", reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "3",
                "{",
                "{} {}",
                "{\"text_config\": []}",
                "{\"text_config\": {}, \"text_config\": {}}",
                "{\"model_type\": \"siglip\"}",
                "\u0000",
                "<html>404</html>"
            })
    void whatIsNoConfigurationIsRefused(String json) throws IOException {
        writeModel();
        Files.writeString(folder.resolve("config.json"), json);
        refused(folder, "config.json", "");
    }

    @Test
    void deepAndHugeConfigurationsAreRefused() throws IOException {
        writeModel();
        Path config = folder.resolve("config.json");
        Files.writeString(config, "{\"text_config\": " + "[".repeat(100_000));
        refused(folder, "config.json", "not valid JSON");
        Files.writeString(config, "{\"x\": \"" + "y".repeat(17 << 20) + "\"}");
        assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE))
                .hasMessageContaining(config + ": cannot be read (it is larger than the limit of 16777216 bytes)");
        Files.write(config, new byte[] {'{', (byte) 0xff, '}'});
        assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE))
                .hasMessageContaining("it is not UTF-8 text");
    }

    @Test
    void aValueOfMegabytesIsNotRepeatedInTheMessage() throws IOException {
        writeModel();
        Files.writeString(
                folder.resolve("config.json"), "{\"text_config\": {\"hidden_size\": \"" + "9".repeat(1 << 20) + "\"}}");
        assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE))
                .hasMessageContaining("'text_config.hidden_size' is \"999")
                .hasMessageContaining("not an integer")
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(1_001));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"embed_dim\": -1|embed dim must be positive",
                "\"embed_dim\": 16, \"vision_cfg\": {\"layers\": [3, 4, 6, 2147483647]}|layers is 2147483647",
                "\"embed_dim\": 16, \"vision_cfg\": {\"layers\": [0, 1, 1, 1]}|layers must be positive",
                "\"embed_dim\": 16, \"vision_cfg\": {\"layers\": [1, 1]}|four stages",
                "\"embed_dim\": 16, \"vision_cfg\": {\"head_width\": 0}|head_width",
                "\"embed_dim\": 16, \"vision_cfg\": {\"mlp_ratio\": 1e300}|mlp width is 2147483647",
                "\"embed_dim\": 16, \"vision_cfg\": {\"mlp_ratio\": -4}|mlp width must be positive",
                "\"embed_dim\": 16, \"vision_cfg\": {\"image_size\": [224, 112]}|not a square",
                "\"embed_dim\": 16, \"vision_cfg\": {\"timm_model_name\": \"x\"}|timm_model_name",
            })
    void anOpenClipConfigurationIsHeldToTheSame(String keys, String reason) throws IOException {
        Safetensors.write(
                folder.resolve("open_clip_model.safetensors"),
                TinyModels.weights(TinyModels.VIT, 1).values(),
                Map.of());
        String vision = keys.contains("vision_cfg") ? "" : ", \"vision_cfg\": {}";
        Files.writeString(
                folder.resolve("open_clip_config.json"),
                "{\"model_cfg\": {" + keys + vision + ", \"text_cfg\": {\"width\": 64, \"heads\": 1}}}");
        refused(folder, "open_clip_config.json", reason);
    }

    @Test
    void weightsOfOddShapesAreRefusedByName() {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 1);
        refusedWeights(with(weights, floats("logit_bias", 0)), "logit_bias F32[0] should be a single number");
        refusedWeights(with(weights, floats("logit_bias", 1000)), "should be a single number");
        refusedWeights(
                with(weights, StoredTensor.ofLongs("logit_bias", new long[] {1}, new long[] {1})),
                "does not hold floating-point numbers");
        refusedWeights(with(weights, floats("visual.conv1.weight")), "no dimension");
        refusedWeights(with(weights, floats("visual.conv1.weight", 0, 3, 0, 0)), "must be positive");
        refusedWeights(with(weights, floats("token_embedding.weight", 0, 64)), "must be positive");
        refusedWeights(with(weights, floats("text_projection", 0, 1L << 40)), "usable size");
    }

    @Test
    void projectionsThatCannotBeJoinedAreRefused() throws IOException {
        HuggingFaceFolder.write(folder, TinyModels.VIT, TinyModels.weights(TinyModels.VIT, 1), StoredType.F32);
        Path file = folder.resolve("model.safetensors");
        String name = "text_model.encoder.layers.0.self_attn.q_proj.weight";
        for (StoredTensor odd : List.of(floats(name), floats(name, 3), floats(name, 0, 1L << 62))) {
            Map<String, StoredTensor> weights = new LinkedHashMap<>();
            try (TensorFile whole = Safetensors.read(file)) {
                whole.tensors().forEach((key, tensor) -> weights.put(key, tensor.as(StoredType.F32)));
                weights.put(name, odd);
                Safetensors.write(folder.resolve("other"), weights.values(), Map.of());
            }
            Files.move(folder.resolve("other"), file, StandardCopyOption.REPLACE_EXISTING);
            refused(folder, "model.safetensors", "join");
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLongIndexIsComparedOnceWithItsShards() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        List<StoredTensor> many =
                IntStream.range(0, 60_000).mapToObj(i -> floats("t" + i, 0)).toList();
        Safetensors.write(folder.resolve("s.safetensors"), many, Map.of());
        IntFunction<String> line = i -> "\"t" + i + "\":\"s.safetensors\"";
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{"
                        + IntStream.range(0, 60_000).mapToObj(line).collect(Collectors.joining(","))
                        + "}}");
        refused(folder, "model.safetensors.index.json", "not named as those of a CLIP model");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[\"s.safetensors\"]",
                "\"s.safetensors\"",
                "{\"a\": 1}",
                "{\"a\": null}",
                "{\"a\": [\"x\"]}"
            })
    void anIndexThatNamesNoFilesIsRefused(String map) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":" + map + "}");
        assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE))
                .isInstanceOfAny(CheckpointException.class, UncheckedIOException.class)
                .hasMessageStartingWith(folder.toString());
    }

    private void writeModel() {
        HuggingFaceFolder.write(folder, TinyModels.VIT, TinyModels.weights(TinyModels.VIT, 1), StoredType.F32);
    }

    private static StoredTensor floats(String name, long... shape) {
        return StoredTensor.ofFloats(name, shape, new float[(int) Shapes.elements(name, shape)]);
    }

    private static Map<String, StoredTensor> with(Map<String, StoredTensor> weights, StoredTensor tensor) {
        Map<String, StoredTensor> changed = new LinkedHashMap<>(weights);
        changed.put(tensor.name(), tensor);
        return changed;
    }

    private void refusedWeights(Map<String, StoredTensor> weights, String reason) {
        Path file = folder.resolve("bad.safetensors");
        Safetensors.write(file, weights.values(), Map.of());
        assertThatThrownBy(() -> CheckpointReader.open(file, QUICK))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }

    private static void refused(Path model, String file, String reason) {
        assertThatThrownBy(() -> CheckpointReader.open(model, CheckpointOptions.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file)
                .hasMessageContaining(reason);
    }
}
