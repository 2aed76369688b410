package dev.perennial.data;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A data set as a configuration names it; only the path is needed.
 *
 * @param path folder, table, shard or pattern of shards such as {@code shards/train-*.tar}, relative to the configuration; or a data
 *     set that ships with the program, such as {@code bundled:emoji}
 * @param format how it is stored; found out from the path if not stated
 * @param name name in results; that of the data set itself if not stated
 * @param splits what the data set calls the splits {@code train} and {@code test} where it uses other words
 * @param classes class names by label in place of its own; with {@code class-attribute} the values by label
 * @param templates prompt templates with {@code {}} for the class name in place of its own
 * @param classAttribute attribute whose values become the classes, such as {@code group}
 * @param where attributes by name with the values that samples must have to be used, one of each
 * @param limit largest number of samples of a split: the first ones
 * @param shots samples of each class of the split {@code train}, drawn at random
 * @param shotsSeed seed of that draw
 * @param columns what the columns of a table hold
 * @param verify whether shards are hashed at every opening
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
public record DatasetSpec(
        String path,
        Optional<DatasetFormat> format,
        Optional<String> name,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, String> splits,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> classes,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> templates,
        Optional<String> classAttribute,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, OneOrMore> where,
        OptionalInt limit,
        OptionalInt shots,
        OptionalLong shotsSeed,
        Optional<TableColumns> columns,
        Optional<Boolean> verify) {
    /** Checks the values. */
    public DatasetSpec {
        if (path.isBlank()) {
            throw new IllegalArgumentException("a data set needs a path");
        }
        for (String template : templates) {
            if (!template.contains("{}")) {
                throw new IllegalArgumentException("template \"" + template + "\" has no {} for the class name");
            }
        }
        requirePositive("limit", limit);
        requirePositive("shots", shots);
        splits = Map.copyOf(splits);
        classes = List.copyOf(classes);
        templates = List.copyOf(templates);
        where = Map.copyOf(where);
    }

    private static void requirePositive(String name, OptionalInt value) {
        if (value.isPresent() && value.getAsInt() < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 but is " + value.getAsInt());
        }
    }

    /** Returns the specification that states a path only. */
    public static DatasetSpec of(String path) {
        return new DatasetSpec(
                path,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
