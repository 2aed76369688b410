package dev.perennial.clip.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.checkpoint.ParameterShapes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelConfigsTest {
    static List<String> names() {
        return ModelConfigs.names();
    }

    @ParameterizedTest
    @CsvSource({
        "ViT-B-32, 151277313",
        "ViT-B-16, 149620737",
        "ViT-L-14, 427616513",
        "ViT-L-14-336, 427944193",
    })
    void visionTransformersHaveThePublishedNumberOfParameters(String name, long parameters) {
        assertThat(config(name).parameterCount()).isEqualTo(parameters);
        assertThat(config(name + "-openai").parameterCount()).isEqualTo(parameters);
    }

    @Test
    void theTowersOfTheSmallestPublishedModelShareItsParametersAsPublished() {
        ClipConfig config = config("ViT-B-32-openai");
        assertThat(config.vision().parameterCount(config.embedDim())).isEqualTo(87_849_216);
        assertThat(config.text().parameterCount(config.embedDim())).isEqualTo(63_428_096);
    }

    @Test
    void computeIsThatOfAllMatrixProducts() {
        // Patches, 12 blocks over 197 tokens with attention among them, projection; 12 blocks over 77 tokens,
        // projection.
        long image = 196 * 768 * 768 + 12L * (197 * 12 * 768 * 768 + 2L * 197 * 197 * 768) + 768 * 512;
        long text = 12L * (77 * 12 * 512 * 512 + 2L * 77 * 77 * 512) + 512 * 512;
        assertThat(config("ViT-B-16-openai").macs()).isEqualTo(image + text);
        assertThat(config("ViT-B-32-openai").macs()).isLessThan(image);
        assertThat(config("RN50x4-openai").macs())
                .isGreaterThan(2 * config("RN50-openai").macs());
    }

    @ParameterizedTest
    @CsvSource({
        "RN50-openai, 102.0",
        "RN101-openai, 119.7",
        "RN50x4-openai, 178.3",
        "RN50x16-openai, 291.0",
        "RN50x64-openai, 623.3",
    })
    void residualNetworksHaveThePublishedNumberOfParameters(String name, String millions) {
        assertThat("%.1f".formatted(config(name).parameterCount() / 1e6)).isEqualTo(millions);
    }

    @ParameterizedTest
    @CsvSource({
        "ViT-B-32-openai, 224, 50, 768, 512, 512",
        "ViT-B-16-openai, 224, 197, 768, 512, 512",
        "ViT-L-14-openai, 224, 257, 1024, 768, 768",
        "ViT-L-14-336-openai, 336, 577, 1024, 768, 768",
        "ViT-S-32, 224, 50, 384, 384, 384",
        "ViT-S-16, 224, 197, 384, 384, 384",
        "ViT-M-32, 224, 50, 512, 512, 512",
        "ViT-M-16, 224, 197, 512, 512, 512",
    })
    void visionTransformersHaveThePublishedSizes(
            String name, int imageSize, int tokens, int visionWidth, int textWidth, int embedDim) {
        ClipConfig config = config(name);
        VitConfig vision = (VitConfig) config.vision();
        assertThat(vision.imageSize()).isEqualTo(imageSize);
        assertThat(vision.tokens()).isEqualTo(tokens);
        assertThat(vision.transformer().width()).isEqualTo(visionWidth);
        assertThat(vision.transformer().heads()).isEqualTo(visionWidth / 64);
        assertThat(config.text().transformer().width()).isEqualTo(textWidth);
        assertThat(config.text().transformer().heads()).isEqualTo(textWidth / 64);
        assertThat(config.embedDim()).isEqualTo(embedDim);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theCountIsThatOfTheNamedTensors(String name) {
        long elements = ParameterShapes.of(config(name)).entrySet().stream()
                .filter(tensor -> !tensor.getKey().contains(".running_"))
                .mapToLong(tensor -> tensor.getValue().stream().reduce(1L, Math::multiplyExact))
                .sum();
        assertThat(config(name).parameterCount()).isEqualTo(elements);
    }

    @ParameterizedTest
    @MethodSource("names")
    void openAisModelsUseQuickGeluAndTheOthersGelu(String name) {
        assertThat(config(name).activation())
                .isEqualTo(name.endsWith("-openai") ? Activation.QUICK_GELU : Activation.GELU);
        assertThat(config(name).text().contextLength()).isEqualTo(77);
        assertThat(config(name).text().vocabularySize()).isEqualTo(49408);
        assertThat(config(name).text().endOfTextId()).isEqualTo(49407);
    }

    @Test
    void anUnknownNameIsAbsent() {
        assertThat(ModelConfigs.find("ViT-Z-99")).isEmpty();
    }

    @Test
    void sizesThatDoNotFitTogetherAreRefused() {
        TransformerConfig blocks = TransformerConfig.of(8, 1, 2, Activation.GELU);
        assertThatThrownBy(() -> TransformerConfig.of(8, 1, 3, Activation.GELU)).hasMessageContaining("3 heads");
        assertThatThrownBy(() -> new VitConfig(16, 5, blocks)).hasMessageContaining("patch size 5");
        assertThatThrownBy(() -> new TextConfig(4, 10, 10, blocks)).hasMessageContaining("end-of-text id 10");
        assertThatThrownBy(() -> new ResNetConfig(60, List.of(1, 1, 1, 1), 8, 4))
                .hasMessageContaining("multiple of 32");
        assertThatThrownBy(() -> new ResNetConfig(64, List.of(1, 1, 1), 8, 4)).hasMessageContaining("four stages");
        assertThatThrownBy(() -> new ClipConfig(0, new VitConfig(16, 8, blocks), new TextConfig(4, 10, 9, blocks)))
                .hasMessageContaining("embed dim must be positive");
    }

    private static ClipConfig config(String name) {
        return ModelConfigs.find(name).orElseThrow();
    }
}
