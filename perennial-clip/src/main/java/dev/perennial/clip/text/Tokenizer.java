package dev.perennial.clip.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * CLIP's tokenizer: cleaned, lower-cased text to the ids of a byte-level byte-pair encoding (Radford et al. 2021, arXiv 2103.00020).
 *
 * <p>Safe for use by several threads. No text is refused: any string, lone surrogates and a megabyte without a space
 * included, gives ids of the vocabulary in time close to linear in its length.
 *
 * <p>A start or end marker that is written out in a text gives the marker's id. The text tower pools at the first end
 * token, so such a text is read up to there.
 */
public final class Tokenizer {
    /** The context length of all published CLIP models. */
    public static final int DEFAULT_CONTEXT_LENGTH = 77;

    private final Vocabulary vocabulary;
    private final int contextLength;
    private final TextCleaning cleaning;
    private final BytePairEncoding encoding;
    private final WordRule words;
    private final LearnedLanguages languages;
    private final PreTokenizer preTokenizer;
    private final Map<String, Integer> markers;

    /** Creates a tokenizer with a context of {@value #DEFAULT_CONTEXT_LENGTH} tokens and {@link TextCleaning#PLAIN}. */
    public Tokenizer(Vocabulary vocabulary) {
        this(
                vocabulary,
                DEFAULT_CONTEXT_LENGTH,
                TextCleaning.PLAIN,
                new BytePairEncoding(vocabulary),
                WordRule.LETTERS,
                LearnedLanguages.NONE);
    }

    private Tokenizer(
            Vocabulary vocabulary,
            int contextLength,
            TextCleaning cleaning,
            BytePairEncoding encoding,
            WordRule words,
            LearnedLanguages languages) {
        if (contextLength < 2) {
            throw new IllegalArgumentException(
                    "context length " + contextLength + " has no room for the start and the end token");
        }
        this.vocabulary = vocabulary;
        this.contextLength = contextLength;
        this.cleaning = cleaning;
        this.encoding = encoding;
        this.words = words;
        this.languages = languages;
        this.preTokenizer = new PreTokenizer(vocabulary.startToken(), vocabulary.endToken(), words);
        this.markers = Map.of(
                vocabulary.startToken().toLowerCase(Locale.ROOT), id(vocabulary.startToken()),
                vocabulary.endToken().toLowerCase(Locale.ROOT), id(vocabulary.endToken()));
    }

    /** Returns the tokenizer of OpenAI's models and of open_clip's models with 49,408 tokens; its vocabulary is bundled. */
    public static Tokenizer openai() {
        return new Tokenizer(OpenAiVocabulary.VOCABULARY);
    }

    /**
     * Reads a tokenizer from a model folder or one file.
     *
     * <p>A folder is read from its {@code tokenizer.json}, else its {@code vocab.json} and {@code merges.txt}; the
     * context length and the markers come from its {@code tokenizer_config.json} where that has them. A file is a
     * {@code tokenizer.json}, or merges in OpenAI's format ({@code .txt} or {@code .txt.gz}), of which at most the first
     * 48,894 count, as in OpenAI's code.
     *
     * <p>The cleaning is that which {@link #save} noted, else {@link TextCleaning#PLAIN}, as the published models were
     * trained on OpenAI's cleaning; {@link TextCleaning#HUGGING_FACE} gives the ids of Hugging Face's own tokenizer.
     *
     * @throws java.io.UncheckedIOException if a file is missing or cannot be read
     * @throws IllegalArgumentException if a file is not of a CLIP tokenizer; the message names it and what is wrong
     */
    public static Tokenizer load(Path path) {
        return TokenizerReader.read(path);
    }

    /**
     * Writes the tokenizer into a folder in Hugging Face's form, and creates the folder if need be.
     *
     * <p>The files are {@code tokenizer.json}, {@code vocab.json}, {@code merges.txt}, {@code tokenizer_config.json} and
     * {@code special_tokens_map.json}. Hugging Face's tokenizers give the ids that this one gives with
     * {@link TextCleaning#HUGGING_FACE}; for composed text without HTML entities those are the ids
     * of {@link TextCleaning#PLAIN} too.
     *
     * @throws java.io.UncheckedIOException if a file cannot be written
     */
    public void save(Path folder) {
        TokenizerWriter.write(this, folder);
    }

    /**
     * Returns the start token, the text's ids and the end token.
     *
     * <p>A text that is too long loses its end: the first {@code contextLength() - 1} tokens stay and the end token
     * follows. {@link #encodeWhole} refuses such a text.
     *
     * @return {@code [tokens]}, between 2 and {@link #contextLength()} ids; not padded
     */
    public int[] encode(String text) {
        int[] ids = ids(text, contextLength);
        if (ids.length < contextLength + 1) {
            return ids;
        }
        int[] cut = Arrays.copyOf(ids, contextLength);
        cut[contextLength - 1] = endId();
        return cut;
    }

    /**
     * Returns the ids as {@link #encode} does, of a text that fits whole.
     *
     * @throws IllegalArgumentException if the text has more tokens than the context holds
     */
    public int[] encodeWhole(String text) {
        int[] ids = ids(text, Integer.MAX_VALUE);
        if (ids.length > contextLength) {
            String shown = text.length() <= 60 ? text : text.substring(0, 60) + "...";
            throw new IllegalArgumentException("\"" + shown + "\" has " + (ids.length - 2)
                    + " tokens and the context holds " + (contextLength - 2)
                    + " besides the start and end token; shorten the text, or encode it with its end cut off");
        }
        return ids;
    }

    /** Returns the ids of every text, as {@link #encode} gives them. */
    public List<int[]> encodeAll(Collection<String> texts) {
        return texts.stream().map(this::encode).toList();
    }

    /**
     * Returns the text of ids: the pieces in lower case with single spaces between them.
     *
     * <p>Start and end tokens are left out. Bytes that are no UTF-8, as a cut text may end with, become U+FFFD.
     *
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    public String decode(int... ids) {
        var bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id < 0 || id >= vocabulary.size()) {
                throw new IllegalArgumentException(
                        "id " + id + " is outside the vocabulary of " + vocabulary.size() + " tokens");
            }
            if (id == startId() || id == endId()) {
                continue;
            }
            String token = vocabulary.tokens().get(id);
            if (token.endsWith(ByteAlphabet.END_OF_WORD)) {
                ByteAlphabet.writeBytes(token.substring(0, token.length() - ByteAlphabet.END_OF_WORD.length()), bytes);
                bytes.write(' ');
            } else {
                ByteAlphabet.writeBytes(token, bytes);
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.endsWith(" ") ? text.substring(0, text.length() - 1) : text;
    }

    /** Returns the vocabulary. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Returns the number of tokens, which is the number of rows of the model's token embedding. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** Returns the longest token sequence, start and end token included. */
    public int contextLength() {
        return contextLength;
    }

    /** Returns what is done to a text before it is split. */
    public TextCleaning cleaning() {
        return cleaning;
    }

    /** Returns what is a word, which no token crosses. */
    public WordRule words() {
        return words;
    }

    /** Returns the languages that the vocabulary was extended for. */
    public LearnedLanguages languages() {
        return languages;
    }

    /** Returns the id of the start token. */
    public int startId() {
        return id(vocabulary.startToken());
    }

    /** Returns the id of the end token. */
    public int endId() {
        return id(vocabulary.endToken());
    }

    /** Returns this tokenizer with another context length, of at least 2 tokens. */
    public Tokenizer withContextLength(int contextLength) {
        return new Tokenizer(vocabulary, contextLength, cleaning, encoding, words, languages);
    }

    /** Returns this tokenizer with another cleaning of text. */
    public Tokenizer withCleaning(TextCleaning cleaning) {
        return new Tokenizer(vocabulary, contextLength, cleaning, encoding, words, languages);
    }

    /** Returns this tokenizer with other words. */
    public Tokenizer withWords(WordRule words) {
        return new Tokenizer(vocabulary, contextLength, cleaning, encoding, words, languages);
    }

    /**
     * Returns this tokenizer with a vocabulary of which its own is the beginning, and the languages that it was extended for.
     *
     * @throws IllegalArgumentException if an id or the priority of a merge would change, or a language has more merges than there are
     */
    public Tokenizer extendedTo(Vocabulary extended, LearnedLanguages languages) {
        boolean begins = startsWith(extended.tokens(), vocabulary.tokens())
                && startsWith(extended.merges(), vocabulary.merges())
                && extended.startToken().equals(vocabulary.startToken())
                && extended.endToken().equals(vocabulary.endToken());
        if (!begins) {
            throw new IllegalArgumentException(
                    extended + " is no extension of " + vocabulary + ": ids and priorities of merges must stay");
        }
        return new Tokenizer(
                        extended, contextLength, cleaning, new BytePairEncoding(extended), words, LearnedLanguages.NONE)
                .withLanguages(languages);
    }

    /** Returns this tokenizer with what is known of the languages that its vocabulary was extended for. */
    Tokenizer withLanguages(LearnedLanguages known) {
        int all = vocabulary.merges().size();
        known.merges().forEach((language, merges) -> {
            if (merges < 0 || merges > all) {
                throw new IllegalArgumentException(
                        "the language '" + language + "' cannot have " + merges + " of " + all + " merges");
            }
        });
        return new Tokenizer(vocabulary, contextLength, cleaning, encoding, words, known);
    }

    /**
     * Returns this tokenizer extended by the merges of a language, which come after all others.
     *
     * @param language its code, such as {@code fr}
     * @param merges those of a vocabulary that was trained on the language
     * @param keep whether texts of known languages are split by the merges of their time alone
     */
    public Tokenizer extendedBy(String language, List<Merge> merges, boolean keep) {
        Vocabulary extended = vocabulary.extendedBy(merges);
        return extendedTo(extended, languages.with(language, extended.merges().size(), keep));
    }

    /** Returns the tokenizer of texts in a language; this one where the language is unknown or its segmentation is not kept. */
    public Tokenizer in(String language) {
        Integer merges = languages.merges().get(language);
        return merges == null
                        || !languages.kept()
                        || merges == vocabulary.merges().size()
                ? this
                : new Tokenizer(
                        vocabulary,
                        contextLength,
                        cleaning,
                        new BytePairEncoding(vocabulary, merges),
                        words,
                        languages);
    }

    private static boolean startsWith(List<?> longer, List<?> shorter) {
        return longer.size() >= shorter.size()
                && longer.subList(0, shorter.size()).equals(shorter);
    }

    @Override
    public String toString() {
        return "Tokenizer[" + vocabulary + ", context " + contextLength + ", " + cleaning + "]";
    }

    /** Returns all ids, or, where there are more than {@code enough}, at least so many that the rest makes no difference. */
    private int[] ids(String text, int enough) {
        var ids = new IdList();
        ids.add(startId());
        preTokenizer.forEachWhile(cleaning.clean(text), piece -> {
            Integer marker = markers.get(piece);
            if (marker == null) {
                ids.addAll(encoding.encode(piece));
            } else {
                ids.add(marker);
            }
            return ids.size() < enough;
        });
        ids.add(endId());
        return ids.toArray();
    }

    private int id(String token) {
        return vocabulary.id(token).orElseThrow();
    }
}
