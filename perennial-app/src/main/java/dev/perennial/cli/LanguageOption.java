package dev.perennial.cli;

import dev.perennial.method.AdaptedClip;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ConfigException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The language of texts, for a model that learned languages one after another. */
final class LanguageOption {
    @Option(
            names = "--language",
            paramLabel = "CODE",
            description =
                    "Language of the texts, such as fr, of those that the model has learned: they are split into tokens as"
                            + " when it was learned.")
    private Optional<String> code = Optional.empty();

    /** Tells whether a language was named. */
    boolean isNamed() {
        return code.isPresent();
    }

    /** Returns the model as it reads the language, or as it is where none was named. */
    AdaptedClip of(AdaptedModel model) {
        return code.map(language -> reading(model.clip(), language)).orElseGet(model::clip);
    }

    private static AdaptedClip reading(AdaptedClip clip, String language) {
        List<String> learned = clip.languages();
        if (learned.isEmpty()) {
            throw new ConfigException("the model has learned no languages one after another; leave --language out");
        }
        if (!learned.contains(language)) {
            throw new ConfigException("the model has learned no language '" + language + "'; it has " + learned);
        }
        return clip.in(language);
    }
}
