package dev.perennial.clip.image;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes preprocessing in the two published forms: Hugging Face's {@code preprocessor_config.json} and the
 * {@code preprocess_cfg} of open_clip's {@code open_clip_config.json}.
 *
 * <p>A setting that this library would have to ignore is refused with its name, never dropped.
 */
public final class PreprocessingConfigs {
    /** Our addition to Hugging Face's form, which has no word for it; other readers ignore it. */
    private static final String CROP_ROUNDING = "perennial_crop_rounding";

    private static final int HF_BILINEAR = 2;
    private static final int HF_BICUBIC = 3;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PreprocessingConfigs() {}

    /**
     * Reads the text of a {@code preprocessor_config.json} (or a {@code processor_config.json} that holds one).
     *
     * <p>Crops round down as in transformers, unless the file was written by {@link #toHuggingFace}.
     *
     * @throws IllegalArgumentException if the text is no JSON object, or a setting is missing, malformed or not one that CLIP models use
     */
    public static Preprocessing fromHuggingFace(String json) {
        JsonNode root = object(json);
        JsonNode config = root.path("image_processor").isObject() ? root.get("image_processor") : root;
        ConfigReader reader = new ConfigReader("preprocessor_config.json", config);
        reader.require("do_resize", true);
        reader.require("do_rescale", true);
        double factor = reader.number("rescale_factor", 1 / 255.0);
        if (Math.abs(factor * 255 - 1) > 1e-6) {
            throw reader.unsupported("rescale_factor", "1/255");
        }
        Interpolation interpolation = switch (reader.integer("resample", HF_BICUBIC)) {
            case HF_BILINEAR -> Interpolation.BILINEAR;
            case HF_BICUBIC -> Interpolation.BICUBIC;
            default -> throw reader.unsupported("resample", "2 (bilinear) or 3 (bicubic)");
        };
        boolean crops = reader.flag("do_center_crop", true);
        JsonNode size = config.path("size");
        boolean squash = size.isObject() && !size.has("shortest_edge");
        int imageSize = size.isObject() ? edge(reader, size, "size") : reader.integer("size", 224);
        if (crops) {
            JsonNode crop = config.path("crop_size");
            int cropSize = crop.isObject() ? edge(reader, crop, "crop_size") : reader.integer("crop_size", imageSize);
            if (cropSize != imageSize) {
                throw reader.unsupported("crop_size", "the size that images are resized to, " + imageSize);
            }
        } else if (!squash) {
            throw reader.unsupported("do_center_crop", "true where only the shortest edge is resized");
        }
        boolean normalises = reader.flag("do_normalize", true);
        return new Preprocessing(
                imageSize,
                squash ? ResizeMode.SQUASH : ResizeMode.SHORTEST,
                interpolation,
                normalises ? reader.channels("image_mean", Channels.OPENAI_MEAN) : Channels.all(0),
                normalises ? reader.channels("image_std", Channels.OPENAI_STD) : Channels.all(1),
                reader.choice(CROP_ROUNDING, CropRounding.class, CropRounding.HUGGING_FACE));
    }

    private static JsonNode object(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isObject()) {
                throw new IllegalArgumentException("the image preparation is no JSON object; fetch the file again");
            }
            return root;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the image preparation is not valid JSON (" + e.getOriginalMessage() + "); fetch the file again",
                    e);
        }
    }

    private static int edge(ConfigReader reader, JsonNode size, String name) {
        if (size.path("shortest_edge").isInt()) {
            return size.get("shortest_edge").intValue();
        }
        int height = size.path("height").asInt(0);
        if (height <= 0 || height != size.path("width").asInt(0)) {
            throw reader.unsupported(name, "a square or a shortest edge");
        }
        return height;
    }

    /** Writes preprocessing as the text of a {@code preprocessor_config.json} for transformers' CLIPImageProcessor. */
    public static String toHuggingFace(Preprocessing preprocessing) {
        boolean shortest = preprocessing.resizeMode() == ResizeMode.SHORTEST;
        int imageSize = preprocessing.imageSize();
        ObjectNode config = JSON.createObjectNode();
        config.put("image_processor_type", "CLIPImageProcessor");
        config.put("do_convert_rgb", true);
        config.put("do_resize", true);
        ObjectNode size = config.putObject("size");
        if (shortest) {
            size.put("shortest_edge", imageSize);
        } else {
            size.put("height", imageSize).put("width", imageSize);
        }
        config.put("resample", preprocessing.interpolation() == Interpolation.BICUBIC ? HF_BICUBIC : HF_BILINEAR);
        config.put("do_center_crop", shortest);
        config.putObject("crop_size").put("height", imageSize).put("width", imageSize);
        config.put("do_rescale", true);
        config.put("rescale_factor", 1 / 255.0);
        config.put("do_normalize", true);
        for (int channel = 0; channel < 3; channel++) {
            config.withArray("/image_mean").add(preprocessing.mean().of(channel));
            config.withArray("/image_std").add(preprocessing.std().of(channel));
        }
        config.put(CROP_ROUNDING, preprocessing.cropRounding().name());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    /**
     * Reads the text of an {@code open_clip_config.json}, or of its {@code preprocess_cfg} alone.
     *
     * <p>What is absent takes open_clip's defaults: OpenAI's statistics, bicubic, shortest side.
     *
     * @param imageSize the tower's image size, used where the text has none
     * @throws IllegalArgumentException if the text is no JSON object, or a setting is malformed or not one that CLIP models use
     */
    public static Preprocessing fromOpenClip(String json, int imageSize) {
        JsonNode root = object(json);
        JsonNode config = root.path("preprocess_cfg");
        ConfigReader reader = new ConfigReader("preprocess_cfg", config.isObject() ? config : root);
        return new Preprocessing(
                reader.square("size", imageSize),
                reader.choice("resize_mode", ResizeMode.class, ResizeMode.SHORTEST),
                reader.choice("interpolation", Interpolation.class, Interpolation.BICUBIC),
                reader.channels("mean", Channels.OPENAI_MEAN),
                reader.channels("std", Channels.OPENAI_STD),
                CropRounding.OPENAI);
    }
}
