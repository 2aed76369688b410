package dev.perennial.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * A setting that takes one text or a list of texts.
 *
 * @param values the texts, at least one
 */
public record OneOrMore(@JsonValue List<String> values) {
    /** Checks that there is a text. */
    public OneOrMore {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a list of values needs at least one");
        }
        values = List.copyOf(values);
    }

    /** Returns the setting with these texts. */
    public static OneOrMore of(String... values) {
        return new OneOrMore(List.of(values));
    }

    /** Reads a scalar or a list of scalars; numbers and booleans count as text. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static OneOrMore parse(Object value) {
        return value instanceof List<?> list
                ? new OneOrMore(list.stream().map(String::valueOf).toList())
                : of(String.valueOf(value));
    }
}
