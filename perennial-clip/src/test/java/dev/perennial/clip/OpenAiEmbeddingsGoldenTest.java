package dev.perennial.clip;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.clip.checkpoint.HuggingFaceFolder;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.ImageTower;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TextTower;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

@Tag("golden")
class OpenAiEmbeddingsGoldenTest {
    private static final List<String> CONTAINERS =
            List.of("openai-jit.pt", "openai-jit-cuda.pt", "state_dict.pt", "open_clip_checkpoint.pt", "hf");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyContainerGivesTheOriginalFeaturesAndLogits() {
        return eachContainer((golden, container) -> {
            Map<String, float[]> outputs = outputs(golden, golden.folder().resolve(container), stated(golden));
            double features = golden.tolerance("features_abs");
            outputs.forEach((name, values) -> assertClose(
                    name,
                    values,
                    golden.tensor(name).toFloats(),
                    name.contains("logits") ? golden.tolerance("logits_abs") : features));
        });
    }

    @TestFactory
    Stream<DynamicTest> everyContainerRewrittenForHuggingFaceGivesTheSameFeaturesBitForBit() {
        return eachContainer((golden, container) -> {
            Path copy = folder.resolve(golden.name()).resolve(container);
            try (Checkpoint checkpoint = CheckpointReader.open(golden.folder().resolve(container), stated(golden))) {
                HuggingFaceFolder.write(copy, checkpoint.config(), checkpoint.tensors(), StoredType.F32);
            }
            Map<String, float[]> before = outputs(golden, golden.folder().resolve(container), stated(golden));
            Map<String, float[]> after = outputs(golden, copy, CheckpointOptions.NONE);
            before.forEach(
                    (name, values) -> assertThat(after.get(name)).as(name).isEqualTo(values));
        });
    }

    @TestFactory
    Stream<DynamicTest> anArchiveOfOpenAiIsNotReadWithAnotherActivation() {
        return eachContainer((golden, container) -> {
            if (container.startsWith("openai-jit")) {
                CheckpointOptions gelu = CheckpointOptions.NONE.withActivation(Activation.GELU);
                assertThatThrownBy(() -> Clip.load(golden.folder().resolve(container), gelu))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining(container)
                        .hasMessageContaining("quick_gelu");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> weightsWithoutActivationAreRefusedWithWhatToPass() {
        return eachContainer((golden, container) -> {
            if (container.equals("state_dict.pt") || container.equals("open_clip_checkpoint.pt")) {
                assertThatThrownBy(() -> Clip.load(golden.folder().resolve(container)))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining(container)
                        .hasMessageContaining("activation")
                        .hasMessageContaining("quick_gelu")
                        .hasMessageContaining("gelu for");
            }
        });
    }

    private static Stream<DynamicTest> eachContainer(BiConsumer<GoldenCase, String> check) {
        return GoldenCases.ofKind("openai-pt")
                .flatMap(golden -> CONTAINERS.stream()
                        .filter(container -> Files.exists(golden.folder().resolve(container)))
                        .map(container -> DynamicTest.dynamicTest(
                                golden.name() + " " + container, () -> check.accept(golden, container))));
    }

    private static CheckpointOptions stated(GoldenCase golden) {
        return CheckpointOptions.NONE.withActivation(
                GoldenClip.config(golden.config()).activation());
    }

    private static Map<String, float[]> outputs(GoldenCase golden, Path container, CheckpointOptions options) {
        try (Checkpoint checkpoint = CheckpointReader.open(container, options);
                var _ = new TensorScope()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            checkpoint.tensors().forEach((name, stored) -> tensors.put(name, TensorStorage.load(stored)));
            try (Parameters parameters = new Parameters(tensors)) {
                ImageTower imageTower = ImageTower.of(checkpoint.config().vision(), parameters);
                TextTower textTower = new TextTower(checkpoint.config().text(), parameters);
                Tensor images =
                        imageTower.forward(GoldenClip.tensor(golden.tensor("input.image")), imageTower.emptySites());
                Tensor texts =
                        textTower.forward(GoldenClip.tokens(golden.tensor("input.text")), textTower.emptySites());
                Tensor logits = ContrastiveLoss.logits(images, texts, parameters.get("logit_scale"));
                return Map.of(
                        "expect.image_features", Tensors.toFloats(images),
                        "expect.text_features", Tensors.toFloats(texts),
                        "expect.logits_per_image", Tensors.toFloats(logits));
            }
        }
    }
}
