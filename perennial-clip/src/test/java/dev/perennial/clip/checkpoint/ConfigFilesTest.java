package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ModelConfigs;
import dev.perennial.clip.config.ResNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFilesTest {
    private static final ClipConfig VIT_B_32 =
            ModelConfigs.find("ViT-B-32-openai").orElseThrow();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"model_type\":\"clip\",\"text_config\":null,\"vision_config\":{}}",
                "{\"text_config\":{\"eos_token_id\":2}}"
            })
    void missingKeysOfHuggingFaceMeanVitB32(String json) throws IOException {
        assertThat(HuggingFaceConfig.read(file(json))).isEqualTo(VIT_B_32);
    }

    @Test
    void olderDictionariesOverrideKeyByKey() throws IOException {
        String json = """
                {"text_config": {"hidden_size": 64, "num_attention_heads": 4},
                 "text_config_dict": {"hidden_size": 128, "intermediate_size": 256},
                 "vision_config_dict": {"hidden_act": "gelu", "layer_norm_eps": 1e-6}}""";
        ClipConfig config = HuggingFaceConfig.read(file(json));
        assertThat(config.text().transformer().width()).isEqualTo(128);
        assertThat(config.text().transformer().heads()).isEqualTo(4);
        assertThat(config.text().transformer().mlpWidth()).isEqualTo(256);
        assertThat(config.text().transformer().activation()).isEqualTo(Activation.QUICK_GELU);
        assertThat(config.vision())
                .hasToString(HuggingFaceConfig.read(
                                file("{\"vision_config\": {\"hidden_act\": \"gelu\", \"layer_norm_eps\": 1e-6}}"))
                        .vision()
                        .toString());
    }

    @Test
    void everyVisionTransformerSurvivesHuggingFacesConfiguration() {
        for (String name : ModelConfigs.names()) {
            ClipConfig config = ModelConfigs.find(name).orElseThrow();
            Path file = folder.resolve("config.json");
            if (config.vision() instanceof ResNetConfig) {
                assertThatThrownBy(() -> HuggingFaceConfig.write(file, config, StoredType.F32))
                        .hasMessageContaining("no ResNet");
            } else {
                HuggingFaceConfig.write(file, config, StoredType.F16);
                assertThat(HuggingFaceConfig.read(file)).as(name).isEqualTo(config);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | JSON object",
                "{\"a\": | not valid JSON",
                "{} {} | not valid JSON",
                "{\"a\":1,\"a\":2} | not valid JSON",
                "{\"model_type\":\"siglip\"} | 'siglip'",
                "{\"text_config\":3} | 'text_config' is not an object",
                "{\"text_config\":{\"hidden_size\":\"wide\"}} | 'text_config.hidden_size'",
                "{\"text_config\":{\"hidden_size\":-64}} | must be positive",
                "{\"text_config\":{\"hidden_size\":99999999999}} | 'text_config.hidden_size'",
                "{\"text_config\":{\"hidden_act\":\"relu\"}} | 'relu'",
                "{\"text_config\":{\"vocab_size\":100}} | outside the vocabulary",
                "{\"vision_config\":{\"num_channels\":1}} | 3 channels",
                "{\"vision_config\":{\"patch_size\":0}} | must be positive",
                "{\"projection_dim\":1.5} | 'config.projection_dim'"
            })
    void aWrongConfigurationOfHuggingFaceIsRefusedWithItsReason(String json, String reason) throws IOException {
        Path file = file(json);
        assertThatThrownBy(() -> HuggingFaceConfig.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void openClipsConfigurationHasGeluUnlessItSaysOtherwise() throws IOException {
        String vision = "\"vision_cfg\":{\"image_size\":224,\"layers\":12,\"width\":768,\"patch_size\":32},";
        String text =
                "\"text_cfg\":{\"context_length\":77,\"vocab_size\":49408,\"width\":512,\"heads\":8,\"layers\":12}";
        String plain = "{\"model_cfg\":{\"embed_dim\":512," + vision + text + "},\"preprocess_cfg\":{}}";
        assertThat(OpenClipConfig.read(file(plain)))
                .isEqualTo(ModelConfigs.find("ViT-B-32").orElseThrow());
        String quick = "{\"embed_dim\":512,\"quick_gelu\":true,\"custom_text\":true," + vision + text + "}";
        assertThat(OpenClipConfig.read(file(quick))).isEqualTo(VIT_B_32);
    }

    @Test
    void openClipsHeadsRatiosAndResNetsAreRead() throws IOException {
        String json = """
                {"embed_dim": 32, "quick_gelu": true,
                 "vision_cfg": {"image_size": [64, 64], "layers": 2, "width": 96, "head_width": 32, "mlp_ratio": 2.5,
                                "patch_size": 16, "norm_kwargs": {"eps": 1e-6}, "ls_init_value": null, "no_ln_pre": false},
                 "text_cfg": {"context_length": 16, "vocab_size": 100, "width": 64, "heads": 2, "layers": 1,
                              "pool_type": "eos", "eos_id": 7}}""";
        ClipConfig config = OpenClipConfig.read(file(json));
        assertThat(config.vision().toString()).contains("heads=3", "mlpWidth=240", "1.0E-6");
        assertThat(config.text().endOfTextId()).isEqualTo(7);
        String resNet = """
                {"embed_dim": 1024, "quick_gelu": true,
                 "vision_cfg": {"image_size": 224, "layers": [3, 4, 6, 3], "width": 64, "patch_size": null},
                 "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 512, "heads": 8, "layers": 12}}""";
        assertThat(OpenClipConfig.read(file(resNet)))
                .isEqualTo(ModelConfigs.find("RN50-openai").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | is missing",
                "{\"embed_dim\":8,\"vision_cfg\":{\"timm_model_name\":\"vit\"},\"text_cfg\":{}} | 'timm_model_name'",
                "{\"embed_dim\":8,\"vision_cfg\":{\"ls_init_value\":0.1},\"text_cfg\":{}} | 'ls_init_value'",
                "{\"embed_dim\":8,\"vision_cfg\":{\"pool_type\":\"avg\"},\"text_cfg\":{}} | 'avg'",
                "{\"embed_dim\":8,\"vision_cfg\":{\"head_width\":0},\"text_cfg\":{}} | head_width",
                "{\"embed_dim\":8,\"vision_cfg\":{\"image_size\":[224,112]},\"text_cfg\":{}} | not a square",
                "{\"embed_dim\":8,\"vision_cfg\":{\"layers\":[1,\"x\"]},\"text_cfg\":{}} | list of integers",
                "{\"embed_dim\":8,\"vision_cfg\":{\"patch_size\":32},\"text_cfg\":{\"no_causal_mask\":true}} | 'no_causal_mask'",
                "{\"embed_dim\":8,\"vision_cfg\":{\"patch_size\":32},\"text_cfg\":{\"hf_model_name\":\"xlm\"}} | 'hf_model_name'",
                "{\"embed_dim\":8,\"vision_cfg\":{\"patch_size\":32},\"text_cfg\":{\"pool_type\":\"last\"}} | 'last'",
                "{\"embed_dim\":8,\"multimodal_cfg\":{\"x\":1},\"vision_cfg\":{},\"text_cfg\":{}} | 'multimodal_cfg'"
            })
    void anotherArchitectureOfOpenClipIsRefusedByName(String json, String reason) throws IOException {
        Path file = file(json);
        assertThatThrownBy(() -> OpenClipConfig.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("c.json"), json);
    }
}
