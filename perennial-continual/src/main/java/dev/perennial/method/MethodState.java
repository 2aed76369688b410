package dev.perennial.method;

import dev.perennial.clip.checkpoint.StoredTensor;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Everything that a method has learned, by name.
 *
 * @param tensors weights that differ from the pretrained model, and others that the method keeps, in any stored type; they come
 *     back bit for bit
 * @param record the rest, as JSON; empty object if there is nothing
 */
public record MethodState(Map<String, StoredTensor> tensors, JsonNode record) {
    /** Keeps an unchangeable copy. */
    public MethodState {
        tensors = Map.copyOf(tensors);
    }
}
