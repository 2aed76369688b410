package dev.perennial.stream;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.data.DatasetSpec;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * A data set whose captions come language by language, as a configuration names it.
 *
 * @param data where it lies and what is used of it
 * @param codes of the languages, such as {@code fr}; all that the data set has if not stated
 * @param trainLimit largest number of training images: the first ones
 * @param testLimit largest number of test images: the first ones
 */
public record LanguageSpec(
        DatasetSpec data,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> codes,
        OptionalInt trainLimit,
        OptionalInt testLimit) {
    /** Checks that no language comes twice. */
    public LanguageSpec {
        codes = List.copyOf(codes);
        if (new HashSet<>(codes).size() < codes.size()) {
            throw new IllegalArgumentException("a language comes twice in " + codes + "; leave it out once");
        }
    }
}
