package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@Tag("golden")
class OpenAiContainersGoldenTest {
    private static final CheckpointOptions QUICK = CheckpointOptions.NONE.withActivation(Activation.QUICK_GELU);
    private static final List<String> CONTAINERS =
            List.of("openai-jit.pt", "openai-jit-cuda.pt", "state_dict.pt", "open_clip_checkpoint.pt", "hf");

    static Stream<GoldenCase> cases() {
        return GoldenCases.ofKind("openai-pt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void allContainersHoldTheSameWeightsBitForBit(GoldenCase golden) {
        Map<String, int[]> expected = bits(golden.folder().resolve("hf"));
        for (String container : CONTAINERS) {
            Map<String, int[]> actual = bits(golden.folder().resolve(container));
            assertThat(actual.keySet()).as(container).isEqualTo(expected.keySet());
            actual.forEach((name, values) ->
                    assertThat(values).as("%s %s", container, name).isEqualTo(expected.get(name)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void namesTypesAndShapesAreThoseOfTheOriginal(GoldenCase golden) {
        for (String container : List.of("openai-jit.pt", "openai-jit-cuda.pt", "state_dict.pt")) {
            try (Checkpoint checkpoint = CheckpointReader.open(golden.folder().resolve(container), QUICK)) {
                JsonNode expected = golden.json().required("state_dict");
                assertThat(checkpoint.tensors()).hasSize(expected.size());
                checkpoint.tensors().forEach((name, tensor) -> {
                    JsonNode original = expected.required(name);
                    String type = original.required("dtype").asString();
                    assertThat(tensor.type()).isEqualTo(type.equals("float16") ? StoredType.F16 : StoredType.F32);
                    assertThat(Arrays.toString(tensor.shape()).replace(" ", ""))
                            .isEqualTo(original.required("shape").toString());
                });
                assertThat(checkpoint.typeCounts()).containsOnlyKeys(StoredType.F16, StoredType.F32);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theArchitectureIsInferredOrRead(GoldenCase golden) {
        JsonNode sizes = golden.config();
        ClipConfig expected = new ClipConfig(
                sizes.required("embed_dim").asInt(),
                new VitConfig(
                        sizes.required("image_resolution").asInt(),
                        sizes.required("vision_patch_size").asInt(),
                        TransformerConfig.of(
                                sizes.required("vision_width").asInt(),
                                sizes.required("vision_layers").asInt(),
                                sizes.required("vision_heads").asInt(),
                                Activation.QUICK_GELU)),
                new TextConfig(
                        sizes.required("context_length").asInt(),
                        sizes.required("vocab_size").asInt(),
                        sizes.required("vocab_size").asInt() - 1,
                        TransformerConfig.of(
                                sizes.required("transformer_width").asInt(),
                                sizes.required("transformer_layers").asInt(),
                                sizes.required("transformer_heads").asInt(),
                                Activation.QUICK_GELU)));
        for (String container : CONTAINERS) {
            try (Checkpoint checkpoint = CheckpointReader.open(golden.folder().resolve(container), QUICK)) {
                assertThat(checkpoint.config()).as(container).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theActivationIsKnownOnlyWhereTheFilesTellIt(GoldenCase golden) {
        Path folder = golden.folder();
        for (String container : List.of("openai-jit.pt", "openai-jit-cuda.pt", "hf", "hf/model.safetensors")) {
            try (Checkpoint checkpoint = CheckpointReader.open(folder.resolve(container), CheckpointOptions.NONE)) {
                assertThat(checkpoint.config().activation()).isEqualTo(Activation.QUICK_GELU);
            }
            CheckpointOptions gelu = CheckpointOptions.NONE.withActivation(Activation.GELU);
            assertThatThrownBy(() -> CheckpointReader.open(folder.resolve(container), gelu))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("quick_gelu");
        }
        for (String container : List.of("state_dict.pt", "open_clip_checkpoint.pt")) {
            assertThatThrownBy(() -> CheckpointReader.open(folder.resolve(container), CheckpointOptions.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(container)
                    .hasMessageContaining("state it");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFormatAndTheHashAreTold(GoldenCase golden) {
        Map<String, CheckpointFormat> formats = Map.of(
                "openai-jit.pt", CheckpointFormat.OPENAI_TORCHSCRIPT,
                "openai-jit-cuda.pt", CheckpointFormat.OPENAI_TORCHSCRIPT,
                "state_dict.pt", CheckpointFormat.PYTORCH_STATE_DICT,
                "open_clip_checkpoint.pt", CheckpointFormat.PYTORCH_STATE_DICT,
                "hf", CheckpointFormat.HUGGING_FACE_FOLDER);
        formats.forEach((container, format) -> {
            try (Checkpoint checkpoint = CheckpointReader.open(golden.folder().resolve(container), QUICK)) {
                assertThat(checkpoint.format()).isEqualTo(format);
            }
        });
        String stated = golden.json()
                .required("files")
                .required("state_dict.pt")
                .required("sha256")
                .asString();
        try (Checkpoint checkpoint = CheckpointReader.open(golden.folder().resolve("state_dict.pt"), QUICK)) {
            assertThat(checkpoint.sha256()).isEqualTo(stated);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsWrittenForHuggingFaceIsWhatHuggingFaceHolds(GoldenCase golden, @TempDir Path folder) {
        try (Checkpoint archive = CheckpointReader.open(golden.folder().resolve("openai-jit.pt"), QUICK)) {
            HuggingFaceFolder.write(folder, archive.config(), archive.tensors(), StoredType.F32);
        }
        try (TensorFile written = Safetensors.read(folder.resolve("model.safetensors"));
                TensorFile original =
                        Safetensors.read(golden.folder().resolve("hf").resolve("model.safetensors"))) {
            assertThat(written.tensors().keySet())
                    .isEqualTo(original.tensors().keySet().stream()
                            .filter(name -> !name.endsWith("position_ids"))
                            .collect(Collectors.toSet()));
            written.tensors()
                    .forEach((name, tensor) -> assertThat(
                                    tensor.data().mismatch(original.tensor(name).data()))
                            .as(name)
                            .isEqualTo(-1));
        }
        try (Checkpoint again = CheckpointReader.open(folder, CheckpointOptions.NONE);
                Checkpoint original = CheckpointReader.open(golden.folder().resolve("hf"), CheckpointOptions.NONE)) {
            assertThat(again.config()).isEqualTo(original.config());
        }
        assertThat(Files.exists(folder.resolve("config.json"))).isTrue();
    }

    private static Map<String, int[]> bits(Path container) {
        Map<String, int[]> bits = new TreeMap<>();
        try (Checkpoint checkpoint = CheckpointReader.open(container, QUICK)) {
            checkpoint.tensors().forEach((name, tensor) -> {
                float[] values = tensor.toFloats();
                int[] raw = new int[values.length];
                for (int i = 0; i < raw.length; i++) {
                    raw[i] = Float.floatToRawIntBits(values[i]);
                }
                bits.put(name, raw);
            });
        }
        return bits;
    }
}
