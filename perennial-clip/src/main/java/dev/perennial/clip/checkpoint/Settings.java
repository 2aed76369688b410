package dev.perennial.clip.checkpoint;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One object of a configuration file, read with the defaults of the library that wrote it.
 *
 * @param name where it stands in the file, for messages
 * @param json the object; a missing one has every default
 */
record Settings(String name, JsonNode json) {
    Settings {
        if (!json.isObject() && !json.isMissingNode() && !json.isNull()) {
            throw new IllegalArgumentException("'" + name + "' is not an object");
        }
    }

    Settings section(String key) {
        return new Settings(key, json.path(key));
    }

    boolean has(String key) {
        return !absent(json.path(key));
    }

    int integer(String key, int otherwise) {
        JsonNode value = json.path(key);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(key, "an integer", value);
        }
        return value.intValue();
    }

    double number(String key, double otherwise) {
        JsonNode value = json.path(key);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw wrong(key, "a number", value);
        }
        return value.doubleValue();
    }

    boolean flag(String key, boolean otherwise) {
        JsonNode value = json.path(key);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(key, "true or false", value);
        }
        return value.booleanValue();
    }

    String text(String key, String otherwise) {
        JsonNode value = json.path(key);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isString()) {
            throw wrong(key, "a text", value);
        }
        return value.stringValue();
    }

    /** Refuses every key outside {@code known} that switches something on. */
    void requireOnly(Set<String> known) {
        json.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            boolean off = value.isNull()
                    || (value.isBoolean() && !value.booleanValue())
                    || (value.isContainer() && value.isEmpty());
            if (!known.contains(entry.getKey()) && !off) {
                throw new IllegalArgumentException("'" + name + "' asks for '" + entry.getKey() + "' = " + value
                        + ", which plain CLIP towers do not have; this model is of another architecture");
            }
        });
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private IllegalArgumentException wrong(String key, String wanted, JsonNode value) {
        return new IllegalArgumentException("'" + name + "." + key + "' is " + value + ", not " + wanted);
    }
}
