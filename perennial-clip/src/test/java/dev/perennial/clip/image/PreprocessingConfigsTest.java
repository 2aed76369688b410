package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingConfigsTest {
    private static final Preprocessing HUGGING_FACE = new Preprocessing(
            224,
            ResizeMode.SHORTEST,
            Interpolation.BICUBIC,
            Channels.OPENAI_MEAN,
            Channels.OPENAI_STD,
            CropRounding.HUGGING_FACE);

    @Test
    void readsThePublishedClipConfigsOldAndNew() {
        assertThat(PreprocessingConfigs.fromHuggingFace("""
                {"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true,
                 "feature_extractor_type": "CLIPFeatureExtractor", "resample": 3, "size": 224,
                 "image_mean": [0.48145466, 0.4578275, 0.40821073],
                 "image_std": [0.26862954, 0.26130258, 0.27577711]}""")).isEqualTo(HUGGING_FACE);
        assertThat(PreprocessingConfigs.fromHuggingFace("""
                {"crop_size": {"height": 224, "width": 224}, "do_convert_rgb": true, "do_rescale": true,
                 "image_processor_type": "CLIPImageProcessor", "rescale_factor": 0.00392156862745098,
                 "resample": 3, "size": {"shortest_edge": 224}}""")).isEqualTo(HUGGING_FACE);
        assertThat(PreprocessingConfigs.fromHuggingFace("{\"image_processor\": {\"size\": {\"shortest_edge\": 336}}}")
                        .imageSize())
                .isEqualTo(336);
    }

    @Test
    void readsSquashedAndUnnormalisedModels() {
        assertThat(PreprocessingConfigs.fromHuggingFace("""
                {"image_processor_type": "SiglipImageProcessor", "do_center_crop": false, "resample": 3,
                 "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "size": {"height": 256, "width": 256}}"""))
                .isEqualTo(new Preprocessing(
                        256,
                        ResizeMode.SQUASH,
                        Interpolation.BICUBIC,
                        Channels.all(0.5),
                        Channels.all(0.5),
                        CropRounding.HUGGING_FACE));
        Preprocessing mobile = PreprocessingConfigs.fromHuggingFace("""
                {"do_normalize": false, "image_mean": null, "resample": 2, "size": {"shortest_edge": 256},
                 "crop_size": {"height": 256, "width": 256}}""");
        assertThat(mobile.mean()).isEqualTo(Channels.all(0));
        assertThat(mobile.std()).isEqualTo(Channels.all(1));
        assertThat(mobile.interpolation()).isEqualTo(Interpolation.BILINEAR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"do_resize\": false}|do_resize is false but must be true",
                "{\"do_rescale\": false}|do_rescale is false",
                "{\"rescale_factor\": 1}|rescale_factor is 1 but must be 1/255",
                "{\"resample\": 1}|resample is 1",
                "{\"resample\": \"bicubic\"}|resample is \"bicubic\" but must be an integer",
                "{\"do_center_crop\": 7}|do_center_crop is 7 but must be true or false",
                "{\"do_center_crop\": false}|do_center_crop is false",
                "{\"size\": 256, \"crop_size\": 224}|crop_size is 224 but must be the size that images are resized to",
                "{\"size\": {\"height\": 1, \"width\": 2}}|size is",
                "{\"image_mean\": [1, 2]}|image_mean is [1,2] but must be three numbers",
                "{\"image_std\": \"x\"}|image_std is",
                "{\"perennial_crop_rounding\": \"up\"}|must be one of [openai, hugging_face]"
            })
    void refusesWhatItWouldHaveToIgnore(String json, String message) {
        assertThatThrownBy(() -> PreprocessingConfigs.fromHuggingFace(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("preprocessor_config.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void readsOpenClipConfigsWithTheirDefaults() {
        assertThat(PreprocessingConfigs.fromOpenClip("{}", 224)).isEqualTo(Preprocessing.openai(224));
        assertThat(PreprocessingConfigs.fromOpenClip("{\"model_cfg\": {\"embed_dim\": 512}}", 288))
                .isEqualTo(Preprocessing.openai(288));
        Preprocessing siglip = new Preprocessing(
                384,
                ResizeMode.SQUASH,
                Interpolation.BILINEAR,
                Channels.all(0.5),
                Channels.all(0.25),
                CropRounding.OPENAI);
        assertThat(PreprocessingConfigs.fromOpenClip("""
                {"model_cfg": {}, "preprocess_cfg": {"size": [384, 384], "mode": "RGB", "mean": [0.5, 0.5, 0.5],
                 "std": [0.25, 0.25, 0.25], "interpolation": "bilinear", "resize_mode": "squash", "fill_color": 0}}""", 224)).isEqualTo(siglip);
        assertThatThrownBy(() -> PreprocessingConfigs.fromOpenClip("{\"resize_mode\": \"longest\"}", 224))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resize_mode is \"longest\" but must be one of [shortest, squash]");
        assertThatThrownBy(() -> PreprocessingConfigs.fromOpenClip("{\"size\": [224, 200]}", 224))
                .hasMessageContaining("two equal ones");
    }

    @Property(tries = 100)
    void whatIsWrittenIsReadBack(
            @ForAll @IntRange(min = 1, max = 1024) int size,
            @ForAll ResizeMode mode,
            @ForAll Interpolation interpolation,
            @ForAll CropRounding rounding,
            @ForAll @IntRange(min = 1, max = 1000) int thousandths) {
        var preprocessing = new Preprocessing(
                size,
                mode,
                interpolation,
                new Channels(thousandths / 1000.0, 0, -1),
                Channels.all(thousandths / 1000.0),
                rounding);
        assertThat(PreprocessingConfigs.fromHuggingFace(PreprocessingConfigs.toHuggingFace(preprocessing)))
                .isEqualTo(preprocessing);
    }
}
