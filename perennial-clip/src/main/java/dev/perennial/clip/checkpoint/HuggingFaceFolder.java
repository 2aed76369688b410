package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.ClipConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes models in the Hugging Face layout, for this library and every other that reads it. */
public final class HuggingFaceFolder {
    private HuggingFaceFolder() {}

    /**
     * Writes {@code config.json} and {@code model.safetensors} into a folder, each whole or not at all.
     *
     * @param folder is created if it is not there; other files in it are left alone
     * @param config the architecture
     * @param canonical the weights in OpenAI's names
     * @param type the floating type to store
     * @throws IllegalArgumentException if the weights are not those of the architecture, or the layout cannot hold them
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public static void write(Path folder, ClipConfig config, Map<String, StoredTensor> canonical, StoredType type) {
        ParameterShapes.requireMatch(canonical, config);
        List<StoredTensor> tensors = NameMapping.toHuggingFace(canonical).values().stream()
                .map(tensor -> tensor.as(type))
                .toList();
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        HuggingFaceConfig.write(folder.resolve("config.json"), config, type);
    }
}
