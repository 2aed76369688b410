package dev.perennial.clip.golden;

import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One golden case: its description in {@code case.json} and its tensors.
 *
 * @param name the folder's name
 * @param folder where it lies
 * @param json the whole of {@code case.json}
 * @param tensors the tensors of {@code tensors.safetensors}
 */
public record GoldenCase(String name, Path folder, JsonNode json, TensorFile tensors) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static GoldenCase open(Path folder) {
        try {
            return new GoldenCase(
                    folder.getFileName().toString(),
                    folder,
                    JSON.readTree(folder.resolve("case.json")),
                    Safetensors.read(folder.resolve("tensors.safetensors")));
        } catch (RuntimeException e) {
            throw new IllegalStateException("golden case " + folder + " cannot be read", e);
        }
    }

    static Optional<String> statedKind(Path folder) {
        Path file = folder.resolve("case.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return JSON.readTree(file).path("case").stringValueOpt();
        } catch (JacksonException e) {
            throw new IllegalStateException("golden case " + folder + " cannot be read", e);
        }
    }

    /** Returns sizes, hyper-parameters and flags. */
    public JsonNode config() {
        return json.required("config");
    }

    /** Returns the tensor of this name, or throws. */
    public StoredTensor tensor(String tensor) {
        return tensors.tensor(tensor);
    }

    /** Returns whether there is a tensor of this name. */
    public boolean has(String tensor) {
        return tensors.tensors().containsKey(tensor);
    }

    /** Returns the names of all tensors that start with {@code prefix}. */
    public List<String> names(String prefix) {
        return tensors.tensors().keySet().stream()
                .filter(tensor -> tensor.startsWith(prefix))
                .sorted()
                .toList();
    }

    /** Returns the tolerance of this key, or throws if the case states none. */
    public double tolerance(String key) {
        return json.required("tolerance").required(key).asDouble();
    }

    /** Returns the tolerance of this key, or {@code otherwise} if the case states none. */
    public double tolerance(String key, double otherwise) {
        return json.path("tolerance").path(key).asDouble(otherwise);
    }

    /** Returns the name, so that a parameterised test is listed by it. */
    @Override
    public String toString() {
        return name;
    }
}
