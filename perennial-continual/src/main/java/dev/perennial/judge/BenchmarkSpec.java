package dev.perennial.judge;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.data.DatasetSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A benchmark as a configuration names it.
 *
 * @param name what it is called in results; the name of the data if not stated
 * @param kind what is measured
 * @param data where the data are; of MMVP-VLM and MIRB the path alone
 * @param split the split to judge on; {@code test} if not stated, or the whole data set if it is not split
 * @param templateSet a bundled set of prompt templates in place of those of the data, for zero-shot classification
 * @param classNames class names by language in the order of the labels, for zero-shot classification in those languages
 * @param babel a JSON file {@code language -> [label indices, class names]} such as that of Babel-ImageNet; a language covers the
 *     classes that it names
 * @param languageTemplates prompt templates by language in place of those of the data
 * @param languages of captions, or of {@code babel}; all that there are if not stated
 * @param captionsPerImage captions of each image and language that are used, the first ones; all if not stated
 * @param prompt what is put before captions, such as {@code a photo of}; nothing if not stated
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
public record BenchmarkSpec(
        Optional<String> name,
        BenchmarkKind kind,
        DatasetSpec data,
        Optional<String> split,
        Optional<String> templateSet,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, List<String>> classNames,
        Optional<String> babel,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, List<String>> languageTemplates,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> languages,
        OptionalInt captionsPerImage,
        Optional<String> prompt) {
    /** Keeps copies and refuses settings that the kind does not have. */
    public BenchmarkSpec {
        classNames = ordered(classNames);
        languageTemplates = ordered(languageTemplates);
        languages = List.copyOf(languages);
        refuse(kind, BenchmarkKind.ZERO_SHOT, "template-set", templateSet.isPresent());
        refuse(kind, BenchmarkKind.ZERO_SHOT, "class-names", !classNames.isEmpty());
        refuse(kind, BenchmarkKind.ZERO_SHOT, "babel", babel.isPresent());
        refuse(kind, BenchmarkKind.ZERO_SHOT, "language-templates", !languageTemplates.isEmpty());
        refuse(kind, BenchmarkKind.RETRIEVAL, "captions-per-image", captionsPerImage.isPresent());
        refuse(kind, BenchmarkKind.RETRIEVAL, "prompt", prompt.isPresent());
        boolean ownLayout = kind == BenchmarkKind.MMVP_VLM || kind == BenchmarkKind.MIRB;
        if (ownLayout && (split.isPresent() || !languages.isEmpty() || !data.equals(DatasetSpec.of(data.path())))) {
            throw new IllegalArgumentException(kind.label() + " has a layout of its own: state 'data.path' alone");
        }
        if (kind == BenchmarkKind.ZERO_SHOT && !languages.isEmpty() && babel.isEmpty()) {
            throw new IllegalArgumentException(
                    "'languages' of zero-shot classification chooses from a 'babel' file; name classes by language"
                            + " with 'class-names'");
        }
        if (captionsPerImage.orElse(1) < 1) {
            throw new IllegalArgumentException(
                    "captions-per-image must be at least 1, not " + captionsPerImage.getAsInt());
        }
    }

    /** Returns the benchmark of a kind over data at a path, with nothing else stated. */
    public static BenchmarkSpec of(BenchmarkKind kind, String path) {
        return new BenchmarkSpec(
                Optional.empty(),
                kind,
                DatasetSpec.of(path),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Map.of(),
                List.of(),
                OptionalInt.empty(),
                Optional.empty());
    }

    /** Returns the same under another name. */
    BenchmarkSpec named(String other) {
        return new BenchmarkSpec(
                Optional.of(other),
                kind,
                data,
                split,
                templateSet,
                classNames,
                babel,
                languageTemplates,
                languages,
                captionsPerImage,
                prompt);
    }

    /** Returns the same with captions in these languages alone. */
    BenchmarkSpec in(List<String> others) {
        return new BenchmarkSpec(
                name,
                kind,
                data,
                split,
                templateSet,
                classNames,
                babel,
                languageTemplates,
                others,
                captionsPerImage,
                prompt);
    }

    private static Map<String, List<String>> ordered(Map<String, List<String>> lists) {
        var copy = new LinkedHashMap<String, List<String>>();
        lists.forEach((key, list) -> copy.put(key, List.copyOf(list)));
        return java.util.Collections.unmodifiableMap(copy);
    }

    private static void refuse(BenchmarkKind kind, BenchmarkKind owner, String setting, boolean stated) {
        if (stated && kind != owner) {
            throw new IllegalArgumentException(
                    "'" + setting + "' is a setting of " + owner.label() + ", not of " + kind.label());
        }
    }
}
