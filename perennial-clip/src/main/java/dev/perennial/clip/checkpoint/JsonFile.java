package dev.perennial.clip.checkpoint;

import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Small JSON files beside the weights, with limits. */
final class JsonFile {
    private static final long MAX_BYTES = 1 << 24;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private JsonFile() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Returns the object that a file holds. */
    static JsonNode read(Path path) {
        try {
            return parse(path, BoundedFile.text(path, MAX_BYTES));
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(path + ": no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static JsonNode parse(Path path, String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new CheckpointException(path, "is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new CheckpointException(path, "does not hold a JSON object");
        }
        return root;
    }

    static void write(Path path, JsonNode content) {
        DurableFile.write(path, (JSON.writeValueAsString(content) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
