package dev.perennial.run;

import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.guard.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads YAML into records: every key must be known and present, and an error names the key and its place. */
public final class Yaml {
    /** A configuration larger than this is a mistake or an attack. */
    private static final long MAX_BYTES = 1 << 20;

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .changeDefaultNullHandling(handling -> handling.withContentNulls(Nulls.FAIL))
            .build();

    private Yaml() {}

    /**
     * Reads a file into a tree.
     *
     * @throws ConfigException if it cannot be read or is not YAML with keys at the top
     */
    public static ObjectNode read(Path file) {
        try {
            return parse(file.toString(), BoundedFile.text(file, MAX_BYTES));
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file; check the path");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read (" + e.getMessage() + "); check the path");
        }
    }

    /** Reads a resource that ships with the program into a tree. */
    public static ObjectNode resource(String name) {
        try (InputStream stream = Yaml.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + name + " is missing from the program");
            }
            return parse(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + name, e);
        }
    }

    /** Reads text into a tree; {@code place} names it in errors. */
    static ObjectNode parse(String place, String text) {
        try {
            refuseOddities(place, text);
            return MAPPER.readTree(text) instanceof ObjectNode node
                    ? node
                    : fail(place + ": must be YAML with 'key: value' lines at the top");
        } catch (JacksonException e) {
            throw new ConfigException(SafeText.of(place + ": not valid YAML: " + firstLine(e)));
        }
    }

    /** A tree would hold an alias as its name, and no setting is infinite or no number; neither is what was meant. */
    private static void refuseOddities(String place, String text) {
        try (YAMLParser parser = (YAMLParser) MAPPER.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (parser.isCurrentAlias()) {
                    throw new ConfigException(SafeText.of(place + ": uses the alias '*" + parser.getString()
                            + "', which configurations do not have; write the value out"));
                }
                if (token == JsonToken.VALUE_NUMBER_FLOAT && !Double.isFinite(parser.getDoubleValue())) {
                    throw new ConfigException(SafeText.of(place + ": " + parser.currentName() + ": '"
                            + parser.getString() + "' is no finite number"));
                }
            }
        }
    }

    /**
     * Turns a tree into a record.
     *
     * @throws ConfigException if a key is unknown, missing or has a value of the wrong type or range
     */
    public static <T> T bind(String place, JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (UnrecognizedPropertyException e) {
            List<String> known =
                    e.getKnownPropertyIds().stream().map(Object::toString).toList();
            throw new ConfigException(
                    SafeText.of(at(place, e, true) + ": " + Suggestion.unknown("key", e.getPropertyName(), known)));
        } catch (JacksonException e) {
            // What a record's own checks say is the clearest message there is.
            String reason = e.getCause() instanceof IllegalArgumentException cause
                    ? String.valueOf(cause.getMessage())
                    : plain(firstLine(e));
            throw new ConfigException(SafeText.of(at(place, e, false) + ": " + reason));
        }
    }

    /** Returns a tree as YAML text. */
    public static String write(JsonNode tree) {
        return MAPPER.writeValueAsString(tree);
    }

    /** Returns an empty tree. */
    public static ObjectNode empty() {
        return MAPPER.createObjectNode();
    }

    /** Overwrites the leaves of one tree with those of another; lists are replaced as a whole. */
    public static ObjectNode merged(ObjectNode defaults, JsonNode overrides) {
        ObjectNode result = defaults.deepCopy();
        overrides.forEachEntry((key, value) -> {
            if (value instanceof ObjectNode inner && result.get(key) instanceof ObjectNode outer) {
                result.set(key, merged(outer, inner));
            } else {
                result.set(key, value);
            }
        });
        return result;
    }

    private static String at(String place, JacksonException e, boolean parentOnly) {
        List<JacksonException.Reference> path = e.getPath();
        String where = path.subList(0, parentOnly ? Math.max(0, path.size() - 1) : path.size()).stream()
                .map(r -> r.getPropertyName() == null ? "[" + r.getIndex() + "]" : r.getPropertyName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
        return where.isEmpty() ? place : place + ": " + where;
    }

    private static String firstLine(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }

    /** Says in the user's words what the parser says in its own. */
    private static String plain(String message) {
        boolean missing =
                message.startsWith("Null value for creator property") || message.startsWith("Cannot map `null`");
        return missing ? "is missing or empty; give it a value" : message;
    }

    private static ObjectNode fail(String message) {
        throw new ConfigException(message);
    }
}
