package dev.perennial.data;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Which columns of a table hold what, by header name. What is not stated is found under its usual names, such as
 * {@code image} or {@code filepath}, if the table has them; every other column becomes an attribute.
 *
 * @param image path of the image, relative to the table
 * @param captions columns of captions by language code
 * @param language language code of the row's captions
 * @param label label number or class name
 * @param split split that the row belongs to
 * @param time time step, becomes the attribute {@code time}
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
public record TableColumns(
        Optional<String> image,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, OneOrMore> captions,
        Optional<String> language,
        Optional<String> label,
        Optional<String> split,
        Optional<String> time) {
    static final List<String> IMAGE = List.of("image", "filepath", "image_path", "file", "path", "filename");
    static final List<String> CAPTION = List.of("caption", "title", "text", "sentence");
    static final List<String> LANGUAGE = List.of("language", "lang");
    static final List<String> LABEL = List.of("label", "class");
    static final List<String> SPLIT = List.of("split");
    static final List<String> TIME = List.of("time");

    /** Returns columns that are all found under their usual names. */
    public static TableColumns usual() {
        return new TableColumns(
                Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
