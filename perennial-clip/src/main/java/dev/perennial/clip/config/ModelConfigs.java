package dev.perennial.clip.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * The published model sizes, one JSON resource each: OpenAI's nine and the plain vision transformers of open_clip.
 *
 * <p>A new size is a new JSON file and a line in {@code index.json}.
 */
public final class ModelConfigs {
    private static final String FOLDER = "/dev/perennial/clip/models/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ModelConfigs() {}

    /** Returns the names of all bundled sizes, such as {@code ViT-B-32-openai}. */
    public static List<String> names() {
        return List.of(read("index.json", String[].class));
    }

    /** Returns the size of this name, or nothing if none is bundled under it. */
    public static Optional<ClipConfig> find(String name) {
        return names().contains(name)
                ? Optional.of(read(name + ".json", Model.class).config())
                : Optional.empty();
    }

    /**
     * Reads an architecture from JSON text of the form of the bundled files.
     *
     * @throws tools.jackson.core.JacksonException if the text is not of that form
     * @throws IllegalArgumentException if the sizes do not fit together
     */
    public static ClipConfig parse(String json) {
        return JSON.readValue(json, Model.class).config();
    }

    private static <T> T read(String resource, Class<T> type) {
        try (InputStream stream = ModelConfigs.class.getResourceAsStream(FOLDER + resource)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + FOLDER + resource + " is missing from the jar");
            }
            return JSON.readValue(stream, type);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + FOLDER + resource, e);
        }
    }

    /** The file's form; an image tower with a list of layers is a modified ResNet, with one number a vision transformer. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Model(int embedDim, Activation activation, Vision vision, Text text) {
        ClipConfig config() {
            return new ClipConfig(embedDim, vision.config(activation), text.config(activation));
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Vision(
            int imageSize, Optional<Integer> patchSize, List<Integer> layers, int width, Optional<Integer> heads) {
        VisionConfig config(Activation activation) {
            return patchSize
                    .<VisionConfig>map(patch -> new VitConfig(
                            imageSize,
                            patch,
                            TransformerConfig.of(width, layers.getFirst(), heads.orElse(width / 64), activation)))
                    .orElseGet(() -> new ResNetConfig(imageSize, layers, width, heads.orElse(width / 2)));
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Text(int contextLength, int vocabSize, int width, int layers, Optional<Integer> heads) {
        TextConfig config(Activation activation) {
            return new TextConfig(
                    contextLength,
                    vocabSize,
                    vocabSize - 1,
                    TransformerConfig.of(width, layers, heads.orElse(width / 64), activation));
        }
    }
}
