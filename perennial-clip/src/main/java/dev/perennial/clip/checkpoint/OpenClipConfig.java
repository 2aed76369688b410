package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VisionConfig;
import dev.perennial.clip.config.VitConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * open_clip's {@code open_clip_config.json}, or one of its model configurations.
 *
 * <p>A missing key has open_clip's default, so the activation is exact GELU unless {@code quick_gelu} is true. A key that asks for
 * anything but plain CLIP towers is refused by its name.
 */
public final class OpenClipConfig {
    private static final Set<String> MODEL = Set.of(
            "embed_dim",
            "quick_gelu",
            "vision_cfg",
            "text_cfg",
            "custom_text",
            "init_logit_scale",
            "init_logit_bias",
            "nonscalar_logit_scale");
    private static final Set<String> VISION = Set.of(
            "image_size",
            "layers",
            "width",
            "head_width",
            "mlp_ratio",
            "patch_size",
            "patch_dropout",
            "norm_kwargs",
            "pool_type");
    private static final Set<String> TEXT = Set.of(
            "context_length",
            "vocab_size",
            "width",
            "heads",
            "layers",
            "mlp_ratio",
            "norm_kwargs",
            "pool_type",
            "eos_id",
            "bos_id",
            "pad_id",
            "hf_tokenizer_name",
            "tokenizer_kwargs");

    private OpenClipConfig() {}

    /**
     * Reads the architecture.
     *
     * @throws CheckpointException if the file is not an open_clip configuration, or not of a plain CLIP model
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static ClipConfig read(Path file) {
        JsonNode json = JsonFile.read(file);
        try {
            return parse(new Settings("model_cfg", json.has("model_cfg") ? json.path("model_cfg") : json));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static ClipConfig parse(Settings model) {
        model.requireOnly(MODEL);
        if (!model.has("embed_dim") || !model.has("vision_cfg") || !model.has("text_cfg")) {
            throw new IllegalArgumentException("'embed_dim', 'vision_cfg' or 'text_cfg' is missing");
        }
        Activation activation = model.flag("quick_gelu", false) ? Activation.QUICK_GELU : Activation.GELU;
        return new ClipConfig(
                model.integer("embed_dim", 0),
                vision(model.section("vision_cfg"), activation),
                text(model.section("text_cfg"), activation));
    }

    private static VisionConfig vision(Settings vision, Activation activation) {
        vision.requireOnly(VISION);
        requireText(vision, "pool_type", "tok");
        int width = vision.integer("width", 768);
        int headWidth = vision.integer("head_width", 64);
        if (headWidth <= 0) {
            throw new IllegalArgumentException("'vision_cfg.head_width' is " + headWidth);
        }
        JsonNode layers = vision.json().path("layers");
        if (layers.isArray()) {
            return new ResNetConfig(imageSize(vision), integers(layers), width, width * 32 / headWidth);
        }
        return new VitConfig(
                imageSize(vision),
                vision.integer("patch_size", 16),
                transformer(vision, width, width / headWidth, activation));
    }

    private static TextConfig text(Settings text, Activation activation) {
        text.requireOnly(TEXT);
        String pool = text.text("pool_type", "argmax");
        int vocabulary = text.integer("vocab_size", 49408);
        int end = pool.equals("eos") ? text.integer("eos_id", vocabulary - 1) : vocabulary - 1;
        if (!pool.equals("eos")) {
            requireText(text, "pool_type", "argmax");
        }
        return new TextConfig(
                text.integer("context_length", 77),
                vocabulary,
                end,
                transformer(text, text.integer("width", 512), text.integer("heads", 8), activation));
    }

    private static TransformerConfig transformer(Settings tower, int width, int heads, Activation activation) {
        Settings norm = tower.section("norm_kwargs");
        norm.requireOnly(Set.of("eps"));
        return new TransformerConfig(
                width,
                tower.integer("layers", 12),
                heads,
                (int) (width * tower.number("mlp_ratio", 4)),
                activation,
                norm.number("eps", TransformerConfig.DEFAULT_EPSILON));
    }

    private static int imageSize(Settings vision) {
        JsonNode size = vision.json().path("image_size");
        if (!size.isArray()) {
            return vision.integer("image_size", 224);
        }
        List<Integer> sides = integers(size);
        if (sides.size() != 2 || !sides.getFirst().equals(sides.getLast())) {
            throw new IllegalArgumentException("'vision_cfg.image_size' is " + size + ", not a square");
        }
        return sides.getFirst();
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> integers = new ArrayList<>();
        for (JsonNode item : array) {
            if (!item.isIntegralNumber() || !item.canConvertToInt()) {
                throw new IllegalArgumentException(array + " is not a list of integers");
            }
            integers.add(item.intValue());
        }
        return integers;
    }

    private static void requireText(Settings settings, String key, String wanted) {
        String value = settings.text(key, wanted);
        if (!value.equals(wanted)) {
            throw new IllegalArgumentException("'" + settings.name() + "." + key + "' is '" + value + "'; only '"
                    + wanted + "' is a plain CLIP tower");
        }
    }
}
