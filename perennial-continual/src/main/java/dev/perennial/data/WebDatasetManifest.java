package dev.perennial.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The {@code dataset.json} in a folder of shards; further fields are for people. */
@JsonIgnoreProperties(ignoreUnknown = true)
record WebDatasetManifest(
        String name,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> classes,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> templates,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> languages,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, Split> splits) {
    static final String FILE = "dataset.json";

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    /** Room for the names of a hundred thousand shards with their hashes. */
    private static final long MAX_BYTES = 1 << 24;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultNullHandling(_ -> JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    /** The shards of a split in order, with sizes and hashes where stated. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Split(
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> shards,
            OptionalInt count,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Long> bytes,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> sha256) {}

    static WebDatasetManifest read(Path file) {
        try {
            var manifest = JSON.readValue(BoundedFile.bytes(file, MAX_BYTES), WebDatasetManifest.class);
            if (manifest == null) {
                throw new DatasetException(file + ": is null instead of an object with \"name\" and \"splits\"");
            }
            manifest.splits.forEach((name, split) -> check(file, name, split));
            return manifest;
        } catch (JacksonException e) {
            throw new DatasetException(file + ": cannot be understood (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new DatasetException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static void check(Path file, String name, Split split) {
        if (split.shards.isEmpty()) {
            throw new DatasetException(file + ": split " + name + " names no shards");
        }
        for (String shard : split.shards) {
            if (shard.isEmpty() || shard.startsWith(".") || shard.matches(".*[/\\\\\0].*")) {
                throw new DatasetException(file + ": shard \"" + shard + "\" of split " + name
                        + " must be a file name in the same folder");
            }
        }
        for (String hash : split.sha256) {
            if (!SHA_256.matcher(hash).matches()) {
                throw new DatasetException(file + ": \"" + hash + "\" is no SHA-256 in lower-case hex");
            }
        }
        requireOnePerShard(file, name, "bytes", split.bytes, split.shards.size());
        requireOnePerShard(file, name, "sha256", split.sha256, split.shards.size());
    }

    private static void requireOnePerShard(Path file, String name, String field, List<?> values, int shards) {
        if (!values.isEmpty() && values.size() != shards) {
            throw new DatasetException("%s: split %s has %d shards but %d values of \"%s\""
                    .formatted(file, name, shards, values.size(), field));
        }
    }

    static <T> Optional<T> at(List<T> values, int index) {
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(index));
    }
}
