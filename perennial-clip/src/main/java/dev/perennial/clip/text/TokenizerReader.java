package dev.perennial.clip.text;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.guard.SafeText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads tokenizers from the files of Hugging Face models and from OpenAI's merges. */
final class TokenizerReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** That of OpenAI has 4 MB; those of the largest vocabularies in use have 20 MB. */
    private static final long LARGEST_FILE = 1 << 26;

    private static final String KINDS = "a model folder, a tokenizer.json, or a merges file (.txt or .txt.gz)";
    /** Tokenizers without a limit declare a huge number. */
    private static final int LONGEST_CONTEXT = 1 << 20;

    private TokenizerReader() {}

    static Tokenizer read(Path path) {
        if (Files.isDirectory(path)) {
            return readFolder(path);
        }
        if (!Files.exists(path)) {
            throw new IllegalArgumentException(path + ": does not exist; a tokenizer is " + KINDS);
        }
        String name = path.getFileName().toString();
        if (name.endsWith(".json")) {
            return tokenizerJson(path, Markers.NONE);
        }
        if (name.endsWith(".txt") || name.endsWith(".txt.gz")) {
            return new Tokenizer(
                    naming(path, () -> Vocabulary.ofMerges(MergesFile.read(path, MergesFile.OPENAI_MERGES))));
        }
        throw new IllegalArgumentException(path + ": is no tokenizer file; a tokenizer is " + KINDS);
    }

    private static Tokenizer readFolder(Path folder) {
        Path config = folder.resolve(TokenizerWriter.CONFIG);
        JsonNode settings = Files.exists(config) ? naming(config, () -> json(config)) : TokenizerJson.object();
        Tokenizer tokenizer = vocabulary(folder, Markers.of(settings));
        JsonNode length = settings.path(TokenizerWriter.CONTEXT_LENGTH);
        return naming(
                config,
                () -> tokenizer
                        .withContextLength(
                                length.isInt() && length.intValue() <= LONGEST_CONTEXT
                                        ? length.intValue()
                                        : tokenizer.contextLength())
                        .withCleaning(cleaning(settings))
                        .withLanguages(languages(settings)));
    }

    private static LearnedLanguages languages(JsonNode settings) {
        SequencedMap<String, Integer> merges = new LinkedHashMap<>();
        settings.path(TokenizerWriter.LANGUAGES)
                .forEachEntry((language, count) -> merges.put(language, count.asInt(-1)));
        return new LearnedLanguages(merges, settings.path(TokenizerWriter.KEPT).asBoolean(false));
    }

    private static TextCleaning cleaning(JsonNode settings) {
        String name = settings.path(TokenizerWriter.CLEANING).asString(TextCleaning.PLAIN.name());
        return Arrays.stream(TextCleaning.values())
                .filter(cleaning -> cleaning.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(TokenizerWriter.CLEANING + " is '" + name
                        + "'; known are " + Arrays.toString(TextCleaning.values())));
    }

    private static Tokenizer vocabulary(Path folder, Markers markers) {
        Path whole = folder.resolve(TokenizerWriter.WHOLE);
        if (Files.exists(whole)) {
            return tokenizerJson(whole, markers);
        }
        Path vocab = folder.resolve(TokenizerWriter.VOCAB);
        Path merges = folder.resolve(TokenizerWriter.MERGES);
        if (!Files.exists(vocab) || !Files.exists(merges)) {
            throw new IllegalArgumentException(folder + ": has no tokenizer, neither tokenizer.json nor vocab.json with"
                    + " merges.txt; fetch them from where the model came from");
        }
        List<Merge> rules = naming(merges, () -> MergesFile.read(merges, Long.MAX_VALUE));
        return naming(
                vocab, () -> new Tokenizer(markers.vocabulary(TokenizerJson.tokens(json(vocab), List.of()), rules)));
    }

    private static Tokenizer tokenizerJson(Path file, Markers markers) {
        return naming(file, () -> {
            JsonNode root = json(file);
            return new Tokenizer(TokenizerJson.read(root, markers)).withWords(TokenizerJson.words(root));
        });
    }

    private static JsonNode json(Path file) {
        try {
            JsonNode root = JSON.readTree(BoundedFile.bytes(file, LARGEST_FILE));
            if (!root.isObject()) {
                throw new IllegalArgumentException("is no JSON object");
            }
            return root;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Puts the file's name before what is wrong with its content. */
    private static <T> T naming(Path file, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(SafeText.of(file + ": " + e.getMessage()), e);
        }
    }
}
