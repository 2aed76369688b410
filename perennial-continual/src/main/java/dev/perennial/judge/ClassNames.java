package dev.perennial.judge;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.run.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The class names of one language.
 *
 * @param language its code; empty for the names of the data set itself
 * @param labels which classes of the data set it names, in the order of {@code names}
 * @param own the data set's own names of these classes
 * @param names the names of this language
 * @param templates prompts
 * @param total classes of the data set
 */
record ClassNames(
        String language,
        List<Integer> labels,
        List<String> own,
        List<String> names,
        PromptTemplates templates,
        int total) {
    private static final long MAX_BYTES = 64 << 20;

    ClassNames {
        labels = List.copyOf(labels);
        own = List.copyOf(own);
        names = List.copyOf(names);
    }

    static ClassNames own(List<String> classNames, PromptTemplates templates) {
        return new ClassNames("", all(classNames.size()), classNames, classNames, templates, classNames.size());
    }

    /** Returns the vocabularies of the languages that a benchmark states, in its order. */
    static List<ClassNames> ofLanguages(
            BenchmarkSpec spec, List<String> own, PromptTemplates templates, Path baseFolder) {
        List<ClassNames> vocabularies = new ArrayList<>();
        spec.classNames().forEach((language, names) -> {
            if (names.size() != own.size()) {
                throw new ConfigException("class-names." + language + " has " + names.size()
                        + " names, but the data set has " + own.size() + " classes");
            }
            vocabularies.add(new ClassNames(
                    language, all(own.size()), own, names, templates(spec, language, templates), own.size()));
        });
        spec.babel().ifPresent(file -> vocabularies.addAll(babel(spec, baseFolder.resolve(file), own, templates)));
        return vocabularies;
    }

    private static List<ClassNames> babel(BenchmarkSpec spec, Path file, List<String> own, PromptTemplates templates) {
        JsonNode tree;
        try {
            tree = JsonMapper.shared().readTree(BoundedFile.text(file, MAX_BYTES));
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new ConfigException(file + ": cannot be read (" + e.getMessage() + ")");
        }
        List<String> languages = spec.languages().isEmpty() ? List.copyOf(tree.propertyNames()) : spec.languages();
        return languages.stream()
                .map(language -> {
                    JsonNode indices = tree.path(language).path(0);
                    JsonNode names = tree.path(language).path(1);
                    boolean whole = indices.isArray()
                            && names.isArray()
                            && !indices.isEmpty()
                            && indices.size() == names.size()
                            && indices.valueStream()
                                    .allMatch(
                                            index -> index.isInt() && index.asInt() >= 0 && index.asInt() < own.size())
                            && indices.valueStream().distinct().count() == indices.size()
                            && names.valueStream().allMatch(JsonNode::isString);
                    if (!whole) {
                        throw new ConfigException(file + ": '" + language + "' is not a list of different labels below "
                                + own.size() + " and a list of their names");
                    }
                    List<Integer> labels =
                            indices.valueStream().map(JsonNode::asInt).toList();
                    return new ClassNames(
                            language,
                            labels,
                            labels.stream().map(own::get).toList(),
                            names.valueStream().map(JsonNode::asString).toList(),
                            templates(spec, language, templates),
                            own.size());
                })
                .toList();
    }

    private static PromptTemplates templates(BenchmarkSpec spec, String language, PromptTemplates usual) {
        return spec.languageTemplates().containsKey(language)
                ? new PromptTemplates(spec.languageTemplates().get(language))
                : usual;
    }

    private static List<Integer> all(int classes) {
        return IntStream.range(0, classes).boxed().toList();
    }

    /** Returns what names of measures end with. */
    String suffix() {
        return language.isEmpty() ? "" : " (" + language + ")";
    }

    /** Returns the samples of the classes that it names, with labels in its order. */
    Dataset part(Dataset dataset) {
        if (labels.equals(all(total))) {
            return dataset;
        }
        return dataset.filter(sample -> sample.label().isPresent()
                        && labels.contains(sample.label().getAsInt()))
                .relabel("class", own);
    }

    /** Says so if it does not name all classes. */
    Optional<String> remark() {
        return labels.size() == total
                ? Optional.empty()
                : Optional.of(language + " names " + labels.size() + " of " + total
                        + " classes, and is judged on these alone");
    }
}
