package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ModelConfigs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NameMappingTest {
    private static final ClipConfig CONFIG = TinyModels.VIT;

    @Test
    void theWayThroughHuggingFacesNamesChangesNothing() {
        Map<String, StoredTensor> canonical = TinyModels.weights(CONFIG, 1);
        Map<String, StoredTensor> hugging = NameMapping.toHuggingFace(canonical);
        assertThat(Layout.of(hugging.keySet())).contains(Layout.HUGGING_FACE);
        assertThat(hugging)
                .containsKeys("vision_model.pre_layrnorm.weight", "text_model.encoder.layers.0.self_attn.k_proj.bias");
        TinyModels.assertSame(NameMapping.toCanonical(hugging, Layout.HUGGING_FACE), canonical);
    }

    @Test
    void projectionsAreTransposedAndAttentionIsSplitInThree() {
        Map<String, StoredTensor> canonical = TinyModels.weights(CONFIG, 2);
        Map<String, StoredTensor> hugging = NameMapping.toHuggingFace(canonical);
        StoredTensor projection = hugging.get("visual_projection.weight");
        assertThat(projection).isNotNull();
        assertThat(projection.shape()).containsExactly(16, 64);
        StoredTensor packed = canonical.get("transformer.resblocks.0.attn.in_proj_weight");
        StoredTensor values = hugging.get("text_model.encoder.layers.0.self_attn.v_proj.weight");
        assertThat(packed).isNotNull();
        assertThat(values).isNotNull();
        assertThat(values.toFloats()).containsExactly(packed.rows(128, 192).toFloats());
    }

    @Test
    void theTextPrefixIsTakenOffAndBuffersAreDropped() {
        Map<String, StoredTensor> canonical = TinyModels.weights(CONFIG, 3);
        Map<String, StoredTensor> prefixed = new LinkedHashMap<>();
        canonical.forEach((name, tensor) -> {
            boolean visual = name.startsWith("visual.") || name.equals("logit_scale");
            prefixed.put(visual ? name : "text." + name, tensor);
        });
        prefixed.put("text.attn_mask", StoredTensor.ofFloats("text.attn_mask", new long[] {1}, new float[1]));
        assertThat(Layout.of(prefixed.keySet())).contains(Layout.OPENAI);
        TinyModels.assertSame(NameMapping.toCanonical(prefixed, Layout.OPENAI), canonical);
    }

    @Test
    void positionIdsAreDropped() {
        Map<String, StoredTensor> hugging = new HashMap<>(NameMapping.toHuggingFace(TinyModels.weights(CONFIG, 4)));
        String ids = "text_model.embeddings.position_ids";
        hugging.put(ids, StoredTensor.ofLongs(ids, new long[] {1, 2}, new long[] {0, 1}));
        assertThat(NameMapping.toCanonical(hugging, Layout.HUGGING_FACE)).doesNotContainKey(ids);
    }

    @Test
    void aScaleOfOneElementIsAScalar() {
        Map<String, StoredTensor> tensors =
                Map.of("logit_scale", StoredTensor.ofFloats("logit_scale", new long[] {1}, new float[] {4}));
        assertThat(NameMapping.toCanonical(tensors, Layout.OPENAI))
                .hasEntrySatisfying(
                        "logit_scale", scale -> assertThat(scale.rank()).isZero());
    }

    @Test
    void aMissingPartOfAttentionIsNamed() {
        Map<String, StoredTensor> hugging = new HashMap<>(NameMapping.toHuggingFace(TinyModels.weights(CONFIG, 5)));
        hugging.remove("text_model.encoder.layers.0.self_attn.k_proj.weight");
        assertThatThrownBy(() -> NameMapping.toCanonical(hugging, Layout.HUGGING_FACE))
                .hasMessageContaining("k_proj.weight' is missing");
        Map<String, StoredTensor> withoutQuery =
                new HashMap<>(NameMapping.toHuggingFace(TinyModels.weights(CONFIG, 5)));
        withoutQuery.remove("text_model.encoder.layers.0.self_attn.q_proj.bias");
        assertThatThrownBy(() -> NameMapping.toCanonical(withoutQuery, Layout.HUGGING_FACE))
                .hasMessageContaining("q_proj.bias' is missing");
    }

    @Test
    void aResNetAndABiasHaveNoPlaceAtHuggingFace() {
        assertThatThrownBy(() -> NameMapping.toHuggingFace(TinyModels.weights(TinyModels.RES_NET, 6)))
                .hasMessageContaining("no ResNet");
        Map<String, StoredTensor> biased = new HashMap<>(TinyModels.weights(CONFIG, 7));
        biased.put("logit_bias", StoredTensor.ofFloats("logit_bias", new long[0], new float[] {-10}));
        assertThatThrownBy(() -> NameMapping.toHuggingFace(biased)).hasMessageContaining("'logit_bias'");
    }

    @Test
    void theShapesOfEveryPublishedModelAddUpToItsParameters() {
        for (String name : ModelConfigs.names()) {
            ClipConfig config = ModelConfigs.find(name).orElseThrow();
            long counted = ParameterShapes.of(config).entrySet().stream()
                    .filter(entry -> !entry.getKey().contains("running_"))
                    .mapToLong(entry -> entry.getValue().stream().reduce(1L, Math::multiplyExact))
                    .sum();
            assertThat(counted).as(name).isEqualTo(config.parameterCount());
        }
    }
}
