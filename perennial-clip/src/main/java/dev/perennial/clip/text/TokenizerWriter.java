package dev.perennial.clip.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a tokenizer as the files of a Hugging Face CLIP model. */
final class TokenizerWriter {
    static final String WHOLE = "tokenizer.json";
    static final String VOCAB = "vocab.json";
    static final String MERGES = "merges.txt";
    static final String CONFIG = "tokenizer_config.json";
    static final String CONTEXT_LENGTH = "model_max_length";
    /** A key of ours; Hugging Face's loaders pass over keys that they do not know. */
    static final String CLEANING = "perennial_text_cleaning";

    /** Keys of ours: the merges of each language that the vocabulary was extended for, and whether it is split by them alone. */
    static final String LANGUAGES = "perennial_languages";

    static final String KEPT = "perennial_languages_kept";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TokenizerWriter() {}

    static void write(Tokenizer tokenizer, Path folder) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        try {
            Files.createDirectories(folder);
            write(TokenizerJson.write(vocabulary, tokenizer.words()), folder.resolve(WHOLE));
            write(TokenizerJson.vocab(vocabulary), folder.resolve(VOCAB));
            MergesFile.write(vocabulary.merges(), folder.resolve(MERGES));
            write(specialTokens(vocabulary), folder.resolve("special_tokens_map.json"));
            ObjectNode config = specialTokens(vocabulary)
                    .put("add_prefix_space", false)
                    .put("clean_up_tokenization_spaces", true)
                    .put("do_lower_case", true)
                    .put("errors", "replace")
                    .put(CONTEXT_LENGTH, tokenizer.contextLength())
                    .put(CLEANING, tokenizer.cleaning().name())
                    .put("tokenizer_class", "CLIPTokenizer");
            LearnedLanguages languages = tokenizer.languages();
            if (!languages.merges().isEmpty()) {
                config.put(KEPT, languages.kept());
                languages.merges().forEach(config.putObject(LANGUAGES)::put);
            }
            write(config, folder.resolve(CONFIG));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot write the tokenizer: " + e.getMessage(), e);
        }
    }

    private static ObjectNode specialTokens(Vocabulary vocabulary) {
        return TokenizerJson.object()
                .put("bos_token", vocabulary.startToken())
                .put("eos_token", vocabulary.endToken())
                .put("pad_token", vocabulary.endToken())
                .put("unk_token", vocabulary.endToken());
    }

    private static void write(JsonNode content, Path file) throws IOException {
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    }
}
