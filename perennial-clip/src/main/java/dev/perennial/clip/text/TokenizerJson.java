package dev.perennial.clip.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The form of Hugging Face's {@code tokenizer.json} that CLIP models have. */
final class TokenizerJson {
    private static final String WHITE_SPACE = "\\s+";

    private TokenizerJson() {}

    /**
     * Reads the vocabulary.
     *
     * @param root the whole file
     * @param configured the markers that the model's configuration names
     * @throws IllegalArgumentException if the file is of another kind of tokenizer
     */
    static Vocabulary read(JsonNode root, Markers configured) {
        JsonNode model = root.path("model");
        requireClipModel(model);
        List<JsonNode> added = List.copyOf(root.path("added_tokens").values());
        List<String> tokens = tokens(model.path("vocab"), added);
        List<Merge> merges =
                model.path("merges").values().stream().map(TokenizerJson::merge).toList();
        Vocabulary vocabulary =
                configured.overriddenBy(root.path("post_processor")).vocabulary(tokens, merges);
        for (JsonNode token : added) {
            requireKnown(token.path("content").asString(""), model.path("vocab"), vocabulary, configured);
        }
        return vocabulary;
    }

    /**
     * Returns the tokens in the order of their ids.
     *
     * @param vocab an object of tokens and ids, the whole of {@code vocab.json}
     * @param added tokens with {@code content} and {@code id}, which may repeat those of {@code vocab}
     */
    static List<String> tokens(JsonNode vocab, List<JsonNode> added) {
        int size = vocab.size()
                + (int) added.stream()
                        .map(token -> token.path("content").asString(""))
                        .distinct()
                        .filter(token -> !vocab.has(token))
                        .count();
        Map<Integer, String> tokens = HashMap.newHashMap(size);
        vocab.properties().forEach(entry -> put(tokens, size, entry.getKey(), entry.getValue()));
        added.forEach(token -> put(tokens, size, token.path("content").asString(""), token.path("id")));
        return IntStream.range(0, size)
                .mapToObj(id -> Optional.ofNullable(tokens.get(id))
                        .orElseThrow(() -> new IllegalArgumentException("no token has the id " + id)))
                .toList();
    }

    /** Returns what the file takes for a word: that of ours whose pattern it has, else CLIP's. */
    static WordRule words(JsonNode root) {
        JsonNode steps = root.path("pre_tokenizer").path("pretokenizers");
        return Arrays.stream(WordRule.values())
                .filter(rule -> steps.valueStream()
                        .anyMatch(step ->
                                step.path("pattern").path("Regex").asString("").equals(rule.pieces())))
                .findFirst()
                .orElse(WordRule.LETTERS);
    }

    /** Returns the file's content for a vocabulary. */
    static ObjectNode write(Vocabulary vocabulary, WordRule words) {
        ObjectNode root = object();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        var added = root.putArray("added_tokens");
        Stream.of(vocabulary.startToken(), vocabulary.endToken())
                .sorted((a, b) -> Integer.compare(id(vocabulary, a), id(vocabulary, b)))
                .forEach(token -> added.addObject()
                        .put("id", id(vocabulary, token))
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", true)
                        .put("special", true));
        var normalizers = root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.addObject().put("type", "NFC");
        normalizers
                .addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("Regex", WHITE_SPACE);
        normalizers.addObject().put("type", "Lowercase");
        var steps = root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        steps.addObject()
                .put("type", "Split")
                .put("behavior", "Removed")
                .put("invert", true)
                .putObject("pattern")
                .put("Regex", words.pieces());
        // GPT-2's own pattern would split words at marks again; it leaves words of letters alone.
        steps.add(byteLevel(false).put("use_regex", words == WordRule.LETTERS));
        var ends = root.putObject("post_processor").put("type", "RobertaProcessing");
        ends.putArray("sep").add(vocabulary.endToken()).add(id(vocabulary, vocabulary.endToken()));
        ends.putArray("cls").add(vocabulary.startToken()).add(id(vocabulary, vocabulary.startToken()));
        ends.put("trim_offsets", false).put("add_prefix_space", false);
        root.set("decoder", byteLevel(true));
        ObjectNode model = root.putObject("model")
                .put("type", "BPE")
                .putNull("dropout")
                .put("unk_token", vocabulary.endToken())
                .put("continuing_subword_prefix", "")
                .put("end_of_word_suffix", ByteAlphabet.END_OF_WORD)
                .put("fuse_unk", false);
        model.set("vocab", vocab(vocabulary));
        var merges = model.putArray("merges");
        vocabulary.merges().forEach(merge -> merges.add(merge.toString()));
        return root;
    }

    /** Returns the content of {@code vocab.json}. */
    static ObjectNode vocab(Vocabulary vocabulary) {
        ObjectNode vocab = object();
        List<String> tokens = vocabulary.tokens();
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
        }
        return vocab;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode byteLevel(boolean trimOffsets) {
        return object().put("type", "ByteLevel")
                .put("add_prefix_space", trimOffsets)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static int id(Vocabulary vocabulary, String token) {
        return vocabulary.id(token).orElseThrow();
    }

    private static void requireClipModel(JsonNode model) {
        String type = model.path("type").asString("");
        String suffix = model.path("end_of_word_suffix").asString("");
        String prefix = model.path("continuing_subword_prefix").asString("");
        if (!type.equals("BPE") || !suffix.equals(ByteAlphabet.END_OF_WORD) || !prefix.isEmpty()) {
            throw new IllegalArgumentException("is of model type '" + type + "' with end-of-word suffix '" + suffix
                    + "' and subword prefix '" + prefix + "'; CLIP's is BPE with '" + ByteAlphabet.END_OF_WORD
                    + "' and no prefix");
        }
        for (String option : List.of("dropout", "byte_fallback", "ignore_merges")) {
            JsonNode value = model.path(option);
            if (value.isBoolean() ? value.booleanValue() : value.isNumber() && value.doubleValue() != 0) {
                throw new IllegalArgumentException(
                        "sets the model's " + option + " to " + value + ", which CLIP's does not");
            }
        }
    }

    private static Merge merge(JsonNode merge) {
        // Newer files have pairs, older ones lines.
        return merge.isArray()
                ? new Merge(merge.path(0).asString(""), merge.path(1).asString(""))
                : MergesFile.parse(merge.asString(""));
    }

    private static void put(Map<Integer, String> tokens, int size, String token, JsonNode id) {
        if (!id.isInt() || id.intValue() < 0 || id.intValue() >= size) {
            throw new IllegalArgumentException("the token '" + token + "' has the id " + id + "; the ids of " + size
                    + " tokens are 0 to " + (size - 1));
        }
        String other = tokens.putIfAbsent(id.intValue(), token);
        if (other != null && !other.equals(token)) {
            throw new IllegalArgumentException("the tokens '" + other + "' and '" + token + "' both have the id " + id);
        }
    }

    /** Tokens that are found in a text before it is split are supported for the markers alone. */
    private static void requireKnown(String added, JsonNode vocab, Vocabulary vocabulary, Markers configured) {
        boolean isMarker = added.equals(vocabulary.startToken()) || added.equals(vocabulary.endToken());
        boolean isPadding = configured.padding().equals(Optional.of(added));
        // Some exports declare an ordinary token, such as "!", for padding.
        if (!isMarker && !isPadding && !vocab.has(added)) {
            throw new IllegalArgumentException("adds the token '" + added
                    + "', which is neither the start, the end nor the padding token; such tokens are not supported");
        }
    }
}
