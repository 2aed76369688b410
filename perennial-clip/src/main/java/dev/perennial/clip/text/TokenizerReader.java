package dev.perennial.clip.text;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.guard.SafeText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
            return new Tokenizer(tokenizerJson(path, Markers.NONE));
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
        var tokenizer = new Tokenizer(vocabulary(folder, Markers.of(settings)));
        JsonNode length = settings.path(TokenizerWriter.CONTEXT_LENGTH);
        return naming(
                config,
                () -> tokenizer
                        .withContextLength(
                                length.isInt() && length.intValue() <= LONGEST_CONTEXT
                                        ? length.intValue()
                                        : tokenizer.contextLength())
                        .withCleaning(cleaning(settings)));
    }

    private static TextCleaning cleaning(JsonNode settings) {
        String name = settings.path(TokenizerWriter.CLEANING).asString(TextCleaning.PLAIN.name());
        return Arrays.stream(TextCleaning.values())
                .filter(cleaning -> cleaning.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(TokenizerWriter.CLEANING + " is '" + name
                        + "'; known are " + Arrays.toString(TextCleaning.values())));
    }

    private static Vocabulary vocabulary(Path folder, Markers markers) {
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
        return naming(vocab, () -> markers.vocabulary(TokenizerJson.tokens(json(vocab), List.of()), rules));
    }

    private static Vocabulary tokenizerJson(Path file, Markers markers) {
        return naming(file, () -> TokenizerJson.read(json(file), markers));
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
