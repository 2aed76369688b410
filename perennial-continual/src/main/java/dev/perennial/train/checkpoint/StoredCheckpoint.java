package dev.perennial.train.checkpoint;

import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A committed checkpoint whose hashes were checked.
 *
 * @param place where in the stream it was taken
 * @param path its folder
 */
public record StoredCheckpoint(Place place, Path path) {
    static final String TENSORS = ".safetensors";
    static final String RECORD = "state.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Maps the tensors of a file, named without extension, for the caller to close. */
    public TensorFile tensors(String name) {
        return Safetensors.read(path.resolve(name + TENSORS));
    }

    /** Returns whether there are tensors of this name. */
    public boolean has(String name) {
        return Files.exists(path.resolve(name + TENSORS));
    }

    /** Reads the record. */
    public JsonNode record() {
        Path file = path.resolve(RECORD);
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }
}
