package dev.perennial.clip.text;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The special tokens that a model's files name. */
record Markers(Optional<String> start, Optional<String> end, Optional<String> padding) {
    static final Markers NONE = new Markers(Optional.empty(), Optional.empty(), Optional.empty());

    /** Reads them from a {@code tokenizer_config.json}. */
    static Markers of(JsonNode settings) {
        return new Markers(
                content(settings.path("bos_token")),
                content(settings.path("eos_token")),
                content(settings.path("pad_token")));
    }

    /** Returns these, with start and end from the post-processor of a {@code tokenizer.json} where it has them. */
    Markers overriddenBy(JsonNode postProcessor) {
        return new Markers(
                content(postProcessor.path("cls").path(0)).or(this::start),
                content(postProcessor.path("sep").path(0)).or(this::end),
                padding);
    }

    /** Returns the vocabulary with these markers, or with the usual ones that it has. */
    Vocabulary vocabulary(List<String> tokens, List<Merge> merges) {
        return new Vocabulary(
                tokens,
                merges,
                start.orElseGet(() -> usual(tokens, Vocabulary.START_OF_TEXT, "<start_of_text>")),
                end.orElseGet(() -> usual(tokens, Vocabulary.END_OF_TEXT, "<end_of_text>")));
    }

    private static String usual(List<String> tokens, String openai, String openClip) {
        return Stream.of(openai, openClip).filter(tokens::contains).findFirst().orElse(openai);
    }

    /** A token is a string, or an object that says how it is matched. */
    private static Optional<String> content(JsonNode token) {
        return (token.isObject() ? token.path("content") : token).stringValueOpt();
    }
}
