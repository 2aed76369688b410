package dev.perennial.clip.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The tokens of a byte-level byte-pair encoding by id, and its merges by priority.
 *
 * <p>Every one of the 256 byte symbols is a token, alone and with {@code </w>}, so any text can be encoded and there is
 * no unknown token. The start and end token may have any id: a vocabulary that was extended has tokens after them.
 */
public final class Vocabulary {
    /** The start token's text in OpenAI's and Hugging Face's files. */
    public static final String START_OF_TEXT = "<|startoftext|>";

    /** The end token's text in OpenAI's and Hugging Face's files. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    private final List<String> tokens;
    private final List<Merge> merges;
    private final String startToken;
    private final String endToken;
    private final Map<String, Integer> ids;

    /**
     * Creates a vocabulary.
     *
     * @param tokens the tokens; a token's place is its id
     * @param merges the merges, the first to be applied first
     * @param startToken the token before a text
     * @param endToken the token after a text, where CLIP pools
     * @throws IllegalArgumentException if a token or merge occurs twice, or if a byte symbol, a part or the result of a
     *     merge, the start or the end token is no token
     */
    public Vocabulary(List<String> tokens, List<Merge> merges, String startToken, String endToken) {
        this.tokens = List.copyOf(tokens);
        this.merges = List.copyOf(merges);
        this.startToken = startToken;
        this.endToken = endToken;
        this.ids = HashMap.newHashMap(tokens.size());
        for (String token : this.tokens) {
            Integer earlier = ids.putIfAbsent(token, ids.size());
            if (earlier != null) {
                throw new IllegalArgumentException("the token '" + token + "' has two ids: " + earlier + " and "
                        + ids.size() + "; every token must occur once");
            }
        }
        byteTokens().forEach(token -> requireToken(token, "this is no byte-level CLIP vocabulary"));
        requireToken(startToken, "it is the start token");
        requireToken(endToken, "it is the end token");
        if (startToken.equals(endToken)) {
            throw new IllegalArgumentException("start and end token are both '" + startToken + "'");
        }
        var seen = new HashSet<Merge>();
        for (Merge merge : this.merges) {
            if (!seen.add(merge)) {
                throw new IllegalArgumentException("the merge '" + merge + "' occurs twice");
            }
            Stream.of(merge.left(), merge.right(), merge.joined())
                    .forEach(token -> requireToken(token, "the merge '" + merge + "' needs it"));
        }
    }

    /**
     * Returns OpenAI's layout of the tokens for these merges.
     *
     * <p>That is the byte symbols, the byte symbols with {@code </w>}, what each merge gives, and the start and end
     * token last.
     */
    public static Vocabulary ofMerges(List<Merge> merges) {
        var tokens = new LinkedHashSet<String>();
        byteTokens().forEach(tokens::add);
        merges.forEach(merge -> tokens.add(merge.joined()));
        tokens.add(START_OF_TEXT);
        tokens.add(END_OF_TEXT);
        return new Vocabulary(new ArrayList<>(tokens), merges, START_OF_TEXT, END_OF_TEXT);
    }

    /**
     * Returns this vocabulary with further merges of lower priority; ids stay, and what a merge newly gives gets the next id.
     *
     * @param further merges, those that are known already left out
     * @throws IllegalArgumentException if a part of a merge is no token
     */
    public Vocabulary extendedBy(List<Merge> further) {
        var all = new LinkedHashSet<>(merges);
        all.addAll(further);
        var extended = new LinkedHashSet<>(tokens);
        further.forEach(merge -> extended.add(merge.joined()));
        return new Vocabulary(new ArrayList<>(extended), new ArrayList<>(all), startToken, endToken);
    }

    /** Returns the 512 tokens of single bytes: the alphabet, then the alphabet with {@code </w>}. */
    static Stream<String> byteTokens() {
        return Stream.of("", ByteAlphabet.END_OF_WORD)
                .flatMap(suffix -> ByteAlphabet.bytesInIdOrder().mapToObj(b -> ByteAlphabet.symbol(b) + suffix));
    }

    /** Returns the tokens; a token's place is its id. */
    public List<String> tokens() {
        return tokens;
    }

    /** Returns the merges, the first to be applied first. */
    public List<Merge> merges() {
        return merges;
    }

    /** Returns the token before a text. */
    public String startToken() {
        return startToken;
    }

    /** Returns the token after a text. */
    public String endToken() {
        return endToken;
    }

    /** Returns the number of tokens. */
    public int size() {
        return tokens.size();
    }

    /** Returns the id of a token, if it is one. */
    public OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary that
                && tokens.equals(that.tokens)
                && merges.equals(that.merges)
                && startToken.equals(that.startToken)
                && endToken.equals(that.endToken);
    }

    @Override
    public int hashCode() {
        return 31 * tokens.hashCode() + merges.hashCode();
    }

    @Override
    public String toString() {
        return "Vocabulary[" + tokens.size() + " tokens, " + merges.size() + " merges]";
    }

    private void requireToken(String token, String reason) {
        if (!ids.containsKey(token)) {
            throw new IllegalArgumentException(
                    "'" + token + "' is not among the " + tokens.size() + " tokens: " + reason);
        }
    }
}
