package dev.perennial.method.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.run.ConfigException;
import dev.perennial.run.Yaml;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ModulesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'lora': {'rank': 2, 'on': ['q', 'k', 'v', 'out', 'mlp']}}",
                "{'lora': {'rank': 2, 'on': ['q', 'k', 'v'], 'packed': true}}",
                "{'adapter': {'bottleneck': 3}}",
                "{'adapter': {'bottleneck': 3, 'shared': true, 'dropout': 0.5, 'form': 'parallel'}}"
            })
    void modulesAddNothingUntilTheyAreTrainedAndThenReachBothTowers(String json) {
        try (Clip plain = TinyClip.create(3);
                Clip clip = extended(json)) {
            assertThat(images(clip)).containsExactly(images(plain));
            assertThat(texts(clip)).containsExactly(texts(plain));
            disturb(clip);
            assertThat(images(clip)).isNotEqualTo(images(plain));
            assertThat(texts(clip)).isNotEqualTo(texts(plain));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'lora': {'rank': 2, 'start': 'perturbed', 'towers': ['text']}}",
                "{'prompts': {'count': 2, 'towers': ['text']}}",
                "{'prompts': {'count': 2, 'depth': 2, 'towers': ['text']}}"
            })
    void modulesOfOneTowerLeaveTheOtherAsItIs(String json) {
        try (Clip plain = TinyClip.create(3);
                Clip clip = extended(json)) {
            assertThat(images(clip)).containsExactly(images(plain));
            assertThat(texts(clip)).isNotEqualTo(texts(plain));
            assertThat(names(clip)).allMatch(name -> name.startsWith("modules.text."));
        }
    }

    @Test
    void aLowRankUpdateEqualsItsProductAddedToTheWeight() {
        try (Clip clip = extended("{'lora': {'rank': 2, 'alpha': 4, 'on': ['out', 'mlp'], 'towers': ['image']}}");
                Clip merged = TinyClip.create(3);
                var _ = new TensorScope()) {
            disturb(clip);
            Map<String, String> weights = Map.of(
                    "out", "attn.out_proj.weight", "mlp-hidden", "mlp.c_fc.weight", "mlp-out", "mlp.c_proj.weight");
            for (int layer = 0; layer < 2; layer++) {
                for (Map.Entry<String, String> place : weights.entrySet()) {
                    String prefix = "modules.image." + layer + ".lora." + place.getKey() + ".";
                    Tensor update = clip.parameters()
                            .get(prefix + "up")
                            .matmul(clip.parameters().get(prefix + "down"))
                            .mul(new Scalar(4.0 / 2));
                    merged.parameters()
                            .get("visual.transformer.resblocks." + layer + "." + place.getValue())
                            .add_(update);
                }
            }
            assertThat(images(clip)).containsExactly(images(merged), within(1e-5f));
        }
    }

    @Test
    void packedUpdatesShareTheirFirstFactor() {
        try (Clip packed =
                        extended("{'lora': {'rank': 2, 'on': ['q', 'k', 'v'], 'packed': true, 'towers': ['text']}}");
                Clip apart = extended("{'lora': {'rank': 2, 'on': ['q', 'k', 'v'], 'towers': ['text']}}");
                var _ = new TensorScope()) {
            assertThat(packed.parameters().get("modules.text.0.lora.qkv.up").shape())
                    .containsExactly(48, 2);
            disturb(packed);
            for (int layer = 0; layer < 2; layer++) {
                int part = 0;
                for (String name : List.of("query", "key", "value")) {
                    String from = "modules.text." + layer + ".lora.qkv.";
                    String to = "modules.text." + layer + ".lora." + name + ".";
                    apart.parameters()
                            .get(to + "down")
                            .copy_(packed.parameters().get(from + "down"));
                    apart.parameters()
                            .get(to + "up")
                            .copy_(packed.parameters().get(from + "up").narrow(0, 16L * part++, 16));
                }
            }
            assertThat(texts(apart)).containsExactly(texts(packed), within(1e-6f));
        }
    }

    @Test
    void textsAreReadAtTheirEndHoweverManyPromptsStandBefore() {
        try (Clip clip = extended("{'prompts': {'count': 3, 'depth': 2}}");
                var _ = new TensorScope()) {
            TokenBatch together = clip.tokens(List.of("a red bird", "x", "green"));
            float[][] rows = Tensors.toRows(TensorScope.computeWithoutGradient(() -> clip.encodeTexts(together)));
            for (int i = 0; i < 3; i++) {
                TokenBatch alone = together.select(new int[] {i});
                float[] row = Tensors.toFloats(TensorScope.computeWithoutGradient(() -> clip.encodeTexts(alone)));
                assertThat(rows[i]).containsExactly(row, within(1e-5f));
            }
            assertThat(clip.parameters().get("modules.image.1.prompts").shape()).containsExactly(3, 16);
        }
    }

    @Test
    void dropoutIsForTrainingAlone() {
        try (Clip clip = extended("{'adapter': {'bottleneck': 8, 'dropout': 0.5}}");
                var _ = new TensorScope()) {
            disturb(clip);
            assertThat(images(clip)).as("in use").containsExactly(images(clip));
            clip.parameters().train(name -> name.startsWith("modules."));
            Tensor pixels = pixels();
            assertThat(Tensors.toFloats(clip.encodeImages(pixels)))
                    .as("in training")
                    .isNotEqualTo(Tensors.toFloats(clip.encodeImages(pixels)));
        }
    }

    @Test
    void aCopyHasModulesOfItsOwn() {
        try (Clip clip = extended("{'lora': {'rank': 2}, 'adapter': {'bottleneck': 2}}")) {
            disturb(clip);
            float[] before = images(clip);
            try (Clip copy = clip.copy()) {
                assertThat(images(copy)).containsExactly(before);
                disturb(copy);
                assertThat(images(copy)).isNotEqualTo(before);
            }
            assertThat(images(clip)).containsExactly(before);
        }
    }

    @Test
    void whatHasModulesIsNotWrittenAsAPlainClip(@TempDir Path folder) {
        try (Clip clip = extended("{'lora': {'rank': 2}}")) {
            assertThatThrownBy(() -> clip.save(folder, StoredType.F32)).hasMessageContaining("no plain CLIP");
        }
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        for (Map.Entry<String, String> wrong : new TreeMap<>(Map.of(
                        "{}", "names none",
                        "{'lora': {'rank': 0}}", "modules.lora.rank",
                        "{'lora': {'rank': 1, 'alpha': 0}}", "modules.lora.alpha",
                        "{'adapter': {'bottleneck': 0}}", "modules.adapter.bottleneck",
                        "{'adapter': {'bottleneck': 1, 'dropout': 1}}", "modules.adapter.dropout",
                        "{'prompts': {'count': 0}}", "modules.prompts.count",
                        "{'lora': {'rank': 1, 'where': 'q'}}", "where"))
                .entrySet()) {
            assertThatThrownBy(() -> options(wrong.getKey()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrong.getValue());
        }
        assertThatThrownBy(() -> extended("{'prompts': {'count': 1, 'depth': 3}}"))
                .hasMessageContaining("modules.prompts.depth");
    }

    private static ModuleOptions options(String json) {
        return Yaml.bind("modules", JSON.readTree(json.replace('\'', '"')), ModuleOptions.class);
    }

    private static Clip extended(String json) {
        Clip clip = TinyClip.create(3);
        options(json).addTo(clip, new RandomStream(7));
        return clip;
    }

    private static List<String> names(Clip clip) {
        return clip.parameters().names().stream()
                .filter(name -> name.startsWith("modules."))
                .collect(Collectors.toList());
    }

    /** Moves all parameters of modules away from where they are. */
    private static void disturb(Clip clip) {
        try (var _ = new TensorScope()) {
            names(clip)
                    .forEach(name ->
                            clip.parameters().get(name).add_(new Scalar(0.05)).mul_(new Scalar(1.5)));
        }
    }

    private static Tensor pixels() {
        float[] pixels = new float[2 * 3 * TinyClip.IMAGE_SIZE * TinyClip.IMAGE_SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(0.37 * i);
        }
        return Tensors.of(pixels, 2, 3, TinyClip.IMAGE_SIZE, TinyClip.IMAGE_SIZE);
    }

    private static float[] images(Clip clip) {
        try (var _ = new TensorScope()) {
            return Tensors.toFloats(TensorScope.computeWithoutGradient(() -> clip.encodeImages(pixels())));
        }
    }

    private static float[] texts(Clip clip) {
        try (var _ = new TensorScope()) {
            return Tensors.toFloats(TensorScope.computeWithoutGradient(
                    () -> clip.encodeTexts(clip.tokens(List.of("a red bird", "green")))));
        }
    }
}
