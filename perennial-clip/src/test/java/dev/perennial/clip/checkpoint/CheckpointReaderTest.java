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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointReaderTest {
    private static final CheckpointOptions QUICK = CheckpointOptions.NONE.withActivation(Activation.QUICK_GELU);
    private static final CheckpointOptions GELU = CheckpointOptions.NONE.withActivation(Activation.GELU);

    @TempDir
    Path folder;

    @Test
    void aBareFileNeedsItsActivation() {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 1);
        Path file = write("any-name.safetensors", weights);
        assertThatThrownBy(() -> CheckpointReader.open(file, CheckpointOptions.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining("quick_gelu")
                .hasMessageContaining("state it");
        try (Checkpoint checkpoint = CheckpointReader.open(file, QUICK)) {
            assertThat(checkpoint.format()).isEqualTo(CheckpointFormat.SAFETENSORS);
            assertThat(checkpoint.config()).isEqualTo(TinyModels.VIT);
            assertThat(checkpoint.tokenizerFolder()).isEmpty();
            assertThat(checkpoint.preprocessing()).isEmpty();
            TinyModels.assertSame(checkpoint.tensors(), weights);
        }
        try (Checkpoint checkpoint = CheckpointReader.open(file, GELU)) {
            assertThat(checkpoint.config().activation()).isEqualTo(Activation.GELU);
        }
    }

    @Test
    void aResNetIsRecognised() {
        Path file = write("rn.safetensors", TinyModels.weights(TinyModels.RES_NET, 2));
        try (Checkpoint checkpoint = CheckpointReader.open(file, QUICK)) {
            assertThat(checkpoint.config()).isEqualTo(TinyModels.RES_NET);
        }
    }

    @Test
    void aLogitBiasIsSetApart() {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 3);
        weights.put("logit_bias", StoredTensor.ofFloats("logit_bias", new long[] {1}, new float[] {-10}));
        try (Checkpoint checkpoint = CheckpointReader.open(write("b.safetensors", weights), QUICK)) {
            assertThat(checkpoint.logitBias()).hasValue(-10);
            assertThat(checkpoint.tensors()).doesNotContainKey("logit_bias");
        }
    }

    @Test
    void headsThatAreNotSixtyFourWideMustBeStated() {
        ClipConfig narrow = new ClipConfig(
                8,
                new VitConfig(16, 8, TransformerConfig.of(32, 1, 2, Activation.GELU)),
                new TextConfig(5, 9, 8, TransformerConfig.of(48, 1, 3, Activation.GELU)));
        Path file = write("narrow.safetensors", TinyModels.weights(narrow, 4));
        assertThatThrownBy(() -> CheckpointReader.open(file, GELU)).hasMessageContaining("state them");
        try (Checkpoint checkpoint = CheckpointReader.open(file, GELU.withHeads(2, 3))) {
            assertThat(checkpoint.config()).isEqualTo(narrow);
        }
    }

    @Test
    void aHuggingFaceFolderTellsEverything() throws IOException {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 5);
        HuggingFaceFolder.write(folder, TinyModels.VIT, weights, StoredType.F32);
        Files.writeString(folder.resolve("preprocessor_config.json"), "{}");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        for (Path path : List.of(folder, folder.resolve("model.safetensors"))) {
            try (Checkpoint checkpoint = CheckpointReader.open(path, CheckpointOptions.NONE)) {
                assertThat(checkpoint.format()).isEqualTo(CheckpointFormat.HUGGING_FACE_FOLDER);
                assertThat(checkpoint.config()).isEqualTo(TinyModels.VIT);
                assertThat(checkpoint.tokenizerFolder()).contains(folder);
                assertThat(checkpoint.preprocessing()).contains(folder.resolve("preprocessor_config.json"));
                TinyModels.assertSame(checkpoint.tensors(), weights);
            }
        }
        assertThatThrownBy(() -> CheckpointReader.open(folder, GELU)).hasMessageContaining("says quick_gelu");
        assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE.withHeads(2, 1)))
                .hasMessageContaining("2 heads in the image tower");
    }

    @Test
    void halfPrecisionFoldersHoldTheRoundedWeights() {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 6);
        HuggingFaceFolder.write(folder, TinyModels.VIT, weights, StoredType.BF16);
        Map<String, StoredTensor> rounded = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> rounded.put(name, tensor.as(StoredType.BF16)));
        try (Checkpoint checkpoint = CheckpointReader.open(folder, CheckpointOptions.NONE)) {
            TinyModels.assertSame(checkpoint.tensors(), rounded);
        }
    }

    @Test
    void shardsAreReadTogetherAndHashedInOrder() throws IOException {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 7);
        HuggingFaceFolder.write(folder, TinyModels.VIT, weights, StoredType.F32);
        List<StoredTensor> all =
                new ArrayList<>(NameMapping.toHuggingFace(weights).values());
        Files.delete(folder.resolve("model.safetensors"));
        Safetensors.write(folder.resolve("model-1.safetensors"), all.subList(0, 9), Map.of());
        Safetensors.write(folder.resolve("model-2.safetensors"), all.subList(9, all.size()), Map.of());
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            map.append(i == 0 ? "" : ",")
                    .append('"' + all.get(i).name() + "\":\"model-" + (i < 9 ? 1 : 2) + ".safetensors\"");
        }
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{" + map + "}}");
        try (Checkpoint checkpoint = CheckpointReader.open(folder, CheckpointOptions.NONE)) {
            TinyModels.assertSame(checkpoint.tensors(), weights);
            assertThat(checkpoint.sha256()).matches("[0-9a-f]{64}");
        }
        Files.writeString(index, "{\"weight_map\":{\"a\":\"model-1.safetensors\"}}");
        assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("announces 'a'");
        for (String name : List.of("../model-1.safetensors", "/etc/passwd", "", "model.safetensors.index.json")) {
            Files.writeString(index, "{\"weight_map\":{\"a\":\"" + name + "\"}}");
            assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("plain file names");
        }
        Files.writeString(index, "{\"weight_map\":{}}");
        assertThatThrownBy(() -> CheckpointReader.open(folder, CheckpointOptions.NONE))
                .hasMessageContaining("0 files");
    }

    @Test
    void anOpenClipFolderTellsItsActivation() throws IOException {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 8);
        write("open_clip_model.safetensors", weights);
        Files.writeString(folder.resolve("open_clip_config.json"), """
                {"model_cfg": {"embed_dim": 16, "quick_gelu": true,
                  "vision_cfg": {"image_size": 16, "layers": 1, "width": 64, "patch_size": 8},
                  "text_cfg": {"context_length": 7, "vocab_size": 30, "width": 64, "heads": 1, "layers": 2}},
                 "preprocess_cfg": {"mean": [0, 0, 0]}}""");
        try (Checkpoint checkpoint = CheckpointReader.open(folder, CheckpointOptions.NONE)) {
            assertThat(checkpoint.format()).isEqualTo(CheckpointFormat.OPEN_CLIP_FOLDER);
            assertThat(checkpoint.config()).isEqualTo(TinyModels.VIT);
            assertThat(checkpoint.preprocessing()).contains(folder.resolve("open_clip_config.json"));
        }
    }

    @Test
    void whatIsNoWholeClipModelIsRefusedWithItsReason() {
        Map<String, StoredTensor> weights = TinyModels.weights(TinyModels.VIT, 9);
        assertThatThrownBy(() -> CheckpointReader.open(folder, QUICK)).hasMessageContaining("holds no CLIP model");
        assertThatThrownBy(() -> CheckpointReader.open(folder.resolve("gone.pt"), QUICK))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no such file");
        refused(
                Map.of("w", StoredTensor.ofFloats("w", new long[] {1}, new float[1])),
                "not named as those of a CLIP model");
        refused(without(weights, "ln_final.bias"), "missing 1: ln_final.bias");
        refused(without(weights, "text_projection"), "'text_projection' is missing");
        refused(without(weights, "visual.positional_embedding"), "'visual.positional_embedding' is missing");
        refused(without(weights, "transformer.resblocks.0.ln_1.weight"), "missing 1");
        refused(with(weights, "visual.transformer.resblocks.0.ls_1.gamma", 64), "unknown 1");
        refused(with(weights, "visual.ln_post.bias", 63), "should have shape [64]");
        refused(with(weights, "visual.positional_embedding", 6, 64), "not a square grid");
        refused(with(weights, "text_projection", 64), "no dimension 1");
        Map<String, StoredTensor> whole = new LinkedHashMap<>(weights);
        whole.put("ln_final.bias", StoredTensor.ofLongs("ln_final.bias", new long[] {64}, new long[64]));
        refused(whole, "should hold floating-point numbers");
    }

    @Test
    @Tag("golden")
    void theResNetOfTheOriginalHasTheExpectedNames() {
        GoldenCase golden = GoldenCases.ofKind("clip-forward")
                .filter(found -> found.config().required("vision_layers").isArray())
                .findFirst()
                .orElseThrow();
        Map<String, StoredTensor> canonical = new LinkedHashMap<>();
        for (String name : golden.names("param.")) {
            String plain = name.substring("param.".length());
            canonical.put(plain, golden.tensor(name).named(plain));
        }
        CheckpointOptions options = GELU.withHeads(
                golden.config().required("attnpool_heads").asInt(),
                golden.config().required("transformer_heads").asInt());
        ClipConfig config = ArchitectureInference.infer(canonical, Activation.GELU, options);
        assertThat(config.vision().imageSize())
                .isEqualTo(golden.config().required("image_resolution").asInt());
    }

    private void refused(Map<String, StoredTensor> weights, String reason) {
        Path file = write("bad.safetensors", weights);
        assertThatThrownBy(() -> CheckpointReader.open(file, QUICK))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }

    private static Map<String, StoredTensor> without(Map<String, StoredTensor> weights, String name) {
        Map<String, StoredTensor> fewer = new LinkedHashMap<>(weights);
        fewer.remove(name);
        return fewer;
    }

    private static Map<String, StoredTensor> with(Map<String, StoredTensor> weights, String name, long... shape) {
        Map<String, StoredTensor> changed = new LinkedHashMap<>(weights);
        changed.put(name, StoredTensor.ofFloats(name, shape, new float[(int) Shapes.elements(name, shape)]));
        return changed;
    }

    private Path write(String name, Map<String, StoredTensor> weights) {
        Path file = folder.resolve(name);
        Safetensors.write(file, weights.values(), Map.of());
        return file;
    }
}
