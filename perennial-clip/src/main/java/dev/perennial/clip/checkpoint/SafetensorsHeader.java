package dev.perennial.clip.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file.
 *
 * @param entries where each tensor lies, by name
 * @param metadata free text fields
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_RANK = 16;
    private static final int MAX_METADATA = 10_000;
    private static final int MAX_METADATA_CHARACTERS = 1 << 25;
    private static final int MAX_DEPTH = 8;
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_METADATA_CHARACTERS)
                    .build())
            .build();

    /** The type, shape and place (bytes after the header, {@code end} excluded) of a tensor. */
    record Entry(StoredType type, List<Long> shape, long begin, long end) {
        long[] dimensions() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /** A rule of the format that the header breaks. */
    private static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message, null, false, false);
        }
    }

    static SafetensorsHeader parse(Path path, MemorySegment header) {
        if (header.get(ValueLayout.JAVA_BYTE, 0) != '{') {
            throw new CheckpointException(path, "its header does not start with '{'; it is not a safetensors file");
        }
        Reader text = new InputStreamReader(
                new SegmentInputStream(header),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            return parse(parser);
        } catch (JacksonException e) {
            throw new CheckpointException(path, "its header is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (Violation | IllegalArgumentException e) {
            throw new CheckpointException(path, "its header is invalid: " + e.getMessage(), e);
        }
    }

    private static SafetensorsHeader parse(JsonParser parser) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        boolean hasMetadata = false;
        require(parser.nextToken() == JsonToken.START_OBJECT, "it is not an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (name.equals(METADATA)) {
                require(!hasMetadata, "two " + METADATA);
                hasMetadata = true;
                metadata = metadata(parser);
            } else {
                require(entries.size() < MAX_TENSORS, "more than " + MAX_TENSORS + " tensors");
                require(entries.put(name, entry(name, parser)) == null, "two tensors named '" + name + "'");
            }
        }
        require(parser.nextToken() == null, "something follows the closing brace");
        return new SafetensorsHeader(entries, metadata);
    }

    private static Map<String, String> metadata(JsonParser parser) {
        Map<String, String> metadata = new LinkedHashMap<>();
        int characters = 0;
        require(parser.nextToken() == JsonToken.START_OBJECT, METADATA + " is not an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            require(parser.nextToken() == JsonToken.VALUE_STRING, METADATA + " '" + key + "' is not a string");
            String value = parser.getString();
            characters += key.length() + value.length();
            require(
                    metadata.size() < MAX_METADATA && characters <= MAX_METADATA_CHARACTERS,
                    METADATA + " has more than " + MAX_METADATA + " entries or " + MAX_METADATA_CHARACTERS
                            + " characters");
            require(metadata.put(key, value) == null, METADATA + " has two '" + key + "'");
        }
        return metadata;
    }

    private static Entry entry(String name, JsonParser parser) {
        String type = "";
        long[] shape = {};
        long[] offsets = {};
        Set<String> seen = new HashSet<>();
        require(parser.nextToken() == JsonToken.START_OBJECT, "'" + name + "' is not an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            require(seen.add(key), "'" + name + "' has two '" + key + "'");
            JsonToken value = parser.nextToken();
            switch (key) {
                case "dtype" -> {
                    require(value == JsonToken.VALUE_STRING, "the dtype of '" + name + "' is not a string");
                    type = parser.getString();
                }
                case "shape" -> shape = numbers(name, parser);
                case "data_offsets" -> offsets = numbers(name, parser);
                default -> throw new Violation("'" + name + "' has the unknown key '" + key + "'");
            }
        }
        require(seen.size() == 3, "'" + name + "' lacks dtype, shape or data_offsets");
        String typeName = type;
        StoredType known = StoredType.find(type)
                .orElseThrow(() -> new Violation("'" + name + "' has dtype " + typeName + "; known are "
                        + Arrays.toString(StoredType.values())));
        require(offsets.length == 2 && offsets[0] <= offsets[1], "'" + name + "' has invalid data_offsets");
        long elements = Shapes.elements("'" + name + "'", shape);
        require(
                elements <= Long.MAX_VALUE / known.bytes() && elements * known.bytes() == offsets[1] - offsets[0],
                "'" + name + "' has " + (offsets[1] - offsets[0]) + " bytes for shape " + Arrays.toString(shape)
                        + " of " + known);
        return new Entry(known, Arrays.stream(shape).boxed().toList(), offsets[0], offsets[1]);
    }

    private static long[] numbers(String name, JsonParser parser) {
        require(parser.currentToken() == JsonToken.START_ARRAY, "'" + name + "' has a shape or offset that is no list");
        long[] numbers = new long[MAX_RANK];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT,
                    "'" + name + "' has a number that is no integer");
            require(count < MAX_RANK, "'" + name + "' has more than " + MAX_RANK + " dimensions");
            numbers[count] = parser.getLongValue();
            require(numbers[count++] >= 0, "'" + name + "' has a negative number");
        }
        return Arrays.copyOf(numbers, count);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }

    /** Checks that the tensors cover the {@code bytes} after the header without overlaps, holes or a rest. */
    void requireExactCover(Path path, long bytes) {
        long end = 0;
        List<Map.Entry<String, Entry>> ordered = entries.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Entry>>comparingLong(
                                e -> e.getValue().begin())
                        .thenComparingLong(e -> e.getValue().end()))
                .toList();
        for (var entry : ordered) {
            if (entry.getValue().begin() != end) {
                String what =
                        entry.getValue().begin() < end ? "overlaps the tensor before it" : "leaves a hole before it";
                throw new CheckpointException(path, "tensor '" + entry.getKey() + "' " + what);
            }
            end = entry.getValue().end();
        }
        if (end > bytes) {
            throw new CheckpointException(
                    path, "holds " + bytes + " of " + end + " bytes of tensors; the file is truncated, fetch it again");
        }
        if (end < bytes) {
            throw new CheckpointException(path, (bytes - end) + " bytes follow the last tensor");
        }
    }

    private static void requireReadable(Map<String, String> metadata) {
        long characters = metadata.entrySet().stream()
                .mapToLong(field -> field.getKey().length() + field.getValue().length())
                .sum();
        if (metadata.size() > MAX_METADATA || characters > MAX_METADATA_CHARACTERS) {
            throw new IllegalArgumentException("the metadata have " + metadata.size() + " entries of " + characters
                    + " characters; " + MAX_METADATA + " and " + MAX_METADATA_CHARACTERS
                    + " are what is read again; store long lists as a tensor");
        }
    }

    /** Returns the header of tensors that lie one after the other, padded so that the data starts at a multiple of 8. */
    static byte[] format(List<StoredTensor> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                requireReadable(metadata);
                json.writeObjectPropertyStart(METADATA);
                new TreeMap<>(metadata).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            Set<String> names = new HashSet<>(Set.of(METADATA));
            long at = 0;
            for (StoredTensor tensor : tensors) {
                if (!names.add(tensor.name())) {
                    throw new IllegalArgumentException("two tensors, or a reserved name: '" + tensor.name() + "'");
                }
                json.writeObjectPropertyStart(tensor.name());
                json.writeStringProperty("dtype", tensor.type().name());
                json.writeName("shape").writeArray(tensor.shape(), 0, tensor.rank());
                long end = at + tensor.data().byteSize();
                json.writeName("data_offsets").writeArray(new long[] {at, end}, 0, 2);
                json.writeEndObject();
                at = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }
}
