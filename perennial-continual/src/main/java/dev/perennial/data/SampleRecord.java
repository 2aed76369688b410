package dev.perennial.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the text members of a shard, or the cells of a table, say about a sample, before labels are matched with classes. */
record SampleRecord(
        OptionalInt label,
        Optional<String> className,
        Map<String, List<String>> captions,
        Map<String, Object> attributes) {
    static final SampleRecord EMPTY = new SampleRecord(OptionalInt.empty(), Optional.empty(), Map.of(), Map.of());

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    /** Says what is wrong with the sample that is being read. */
    interface Complaint extends Function<String, BadSampleException> {}

    /** Reads the {@code .json} member of a sample. */
    static SampleRecord ofJson(byte[] json, Complaint bad) {
        Map<String, Object> fields;
        try {
            fields = JSON.readValue(json, FIELDS);
        } catch (JacksonException e) {
            throw bad.apply("its .json is no JSON object (" + e.getOriginalMessage() + ")");
        }
        if (fields == null) {
            throw bad.apply("its .json is null");
        }
        var captions = captions(fields.remove("captions"), bad);
        Object label = fields.remove("label");
        Object className = fields.remove("class");
        fields.values().removeIf(value -> value == null);
        var record = EMPTY.withCaptions(captions).withAttributes(Collections.unmodifiableMap(fields));
        if (className != null) {
            record = record.withClass(className.toString());
        }
        return label == null ? record : record.withLabel(label.toString());
    }

    private static Map<String, List<String>> captions(@Nullable Object field, Complaint bad) {
        return switch (field) {
            case null -> Map.of();
            case Map<?, ?> byLanguage -> {
                var captions = new LinkedHashMap<String, List<String>>();
                byLanguage.forEach((language, texts) -> captions.put(language.toString(), texts(texts, bad)));
                yield Collections.unmodifiableMap(captions);
            }
            default -> throw bad.apply("\"captions\" in its .json is not an object of lists by language");
        };
    }

    private static List<String> texts(Object field, Complaint bad) {
        if (field instanceof String text) {
            return List.of(text);
        }
        if (!(field instanceof List<?> list)) {
            throw bad.apply("\"captions\" in its .json is not an object of lists by language");
        }
        var texts = new ArrayList<String>();
        for (Object caption : list) {
            if (!(caption instanceof String text)) {
                throw bad.apply("a caption in its .json is not text");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** Adds a label written as text: a number is a label, anything else a class name. */
    SampleRecord withLabel(String text) {
        return text.matches("-?\\d{1,9}")
                ? new SampleRecord(OptionalInt.of(Integer.parseInt(text)), className, captions, attributes)
                : withClass(text);
    }

    SampleRecord withClass(String name) {
        return new SampleRecord(label, Optional.of(name), captions, attributes);
    }

    SampleRecord withCaptions(Map<String, List<String>> otherCaptions) {
        return new SampleRecord(label, className, otherCaptions, attributes);
    }

    SampleRecord withAttributes(Map<String, Object> other) {
        return new SampleRecord(label, className, captions, other);
    }

    /** Returns the sample of this record; in a data set with class names it gets a label or is bad. */
    Sample toSample(String key, int position, ImageSource image, ClassIndex classes, Complaint bad) {
        OptionalInt index = classes.isEmpty() ? label : OptionalInt.of(classes.label(this, bad));
        Optional<String> name = classes.isEmpty() ? className : Optional.of(classes.name(index.getAsInt()));
        return new Sample(key, position, image, index, name, captions, attributes);
    }
}
