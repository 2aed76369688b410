package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Hugging Face's {@code config.json} of a {@code CLIPModel}; a missing key means the value of ViT-B/32. */
public final class HuggingFaceConfig {
    /** The id that old files state for every vocabulary; the end of a text is then its largest id. */
    private static final int LEGACY_END_OF_TEXT = 2;

    private HuggingFaceConfig() {}

    /**
     * Reads the architecture.
     *
     * @throws CheckpointException if the file is not the configuration of a CLIP model
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static ClipConfig read(Path file) {
        JsonNode json = JsonFile.read(file);
        try {
            return parse(new Settings("config", json));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** Writes the architecture. */
    static void write(Path file, ClipConfig config, StoredType type) {
        JsonFile.write(file, format(config, type));
    }

    private static ClipConfig parse(Settings root) {
        String type = root.text("model_type", "clip");
        if (!type.equals("clip")) {
            throw new IllegalArgumentException("its model_type is '" + type + "'; only 'clip' is read");
        }
        Settings vision = section(root, "vision_config");
        Settings text = section(root, "text_config");
        if (vision.integer("num_channels", 3) != 3) {
            throw new IllegalArgumentException("its images do not have 3 channels");
        }
        int vocabulary = text.integer("vocab_size", 49408);
        int end = text.integer("eos_token_id", 49407);
        return new ClipConfig(
                root.integer("projection_dim", 512),
                new VitConfig(
                        vision.integer("image_size", 224),
                        vision.integer("patch_size", 32),
                        transformer(vision, 768, 12)),
                new TextConfig(
                        text.integer("max_position_embeddings", 77),
                        vocabulary,
                        end == LEGACY_END_OF_TEXT ? vocabulary - 1 : end,
                        transformer(text, 512, 8)));
    }

    /** Returns a tower's section; the older {@code ..._dict} overrides it key by key. */
    private static Settings section(Settings root, String name) {
        Settings plain = root.section(name);
        Settings legacy = root.section(name + "_dict");
        ObjectNode merged = JsonFile.object();
        plain.json().properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
        legacy.json().properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
        return new Settings(name, merged);
    }

    private static TransformerConfig transformer(Settings tower, int width, int heads) {
        int hidden = tower.integer("hidden_size", width);
        return new TransformerConfig(
                hidden,
                tower.integer("num_hidden_layers", 12),
                tower.integer("num_attention_heads", heads),
                tower.integer("intermediate_size", 4 * width),
                Activation.of(tower.text("hidden_act", "quick_gelu")),
                tower.number("layer_norm_eps", TransformerConfig.DEFAULT_EPSILON));
    }

    private static ObjectNode format(ClipConfig config, StoredType type) {
        if (!(config.vision() instanceof VitConfig vit)) {
            throw new IllegalArgumentException(
                    "the Hugging Face layout has no ResNet image tower; keep this model in OpenAI's names (safetensors)");
        }
        ObjectNode root = JsonFile.object();
        root.putArray("architectures").add("CLIPModel");
        root.put("model_type", "clip");
        root.put("projection_dim", config.embedDim());
        root.put("logit_scale_init_value", 2.6592);
        root.put("torch_dtype", torchName(type));
        TextConfig text = config.text();
        ObjectNode textNode =
                tower(root.putObject("text_config"), "clip_text_model", text.transformer(), config.embedDim());
        textNode.put("vocab_size", text.vocabularySize());
        textNode.put("max_position_embeddings", text.contextLength());
        textNode.put("bos_token_id", Math.max(0, text.endOfTextId() - 1));
        textNode.put("eos_token_id", text.endOfTextId());
        textNode.put("pad_token_id", text.endOfTextId());
        ObjectNode visionNode =
                tower(root.putObject("vision_config"), "clip_vision_model", vit.transformer(), config.embedDim());
        visionNode.put("image_size", vit.imageSize());
        visionNode.put("patch_size", vit.patchSize());
        visionNode.put("num_channels", 3);
        return root;
    }

    private static ObjectNode tower(ObjectNode node, String type, TransformerConfig transformer, int embed) {
        node.put("model_type", type);
        node.put("hidden_size", transformer.width());
        node.put("intermediate_size", transformer.mlpWidth());
        node.put("num_hidden_layers", transformer.layers());
        node.put("num_attention_heads", transformer.heads());
        node.put("hidden_act", transformer.activation().configName());
        node.put("layer_norm_eps", transformer.layerNormEpsilon());
        node.put("projection_dim", embed);
        return node;
    }

    private static String torchName(StoredType type) {
        return switch (type) {
            case F64 -> "float64";
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            case I64, I32, I16, I8, U8, BOOL -> throw new IllegalArgumentException(type + " cannot hold weights");
        };
    }
}
