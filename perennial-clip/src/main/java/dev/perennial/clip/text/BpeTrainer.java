package dev.perennial.clip.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Trains a byte-level byte-pair encoding with CLIP's cleaning and splitting (Sennrich et al. 2016, arXiv 1508.07909).
 *
 * <p>Again and again the most frequent pair of neighbouring tokens becomes a token. Of equally frequent pairs the first in
 * the order of the left, then of the right token's characters is taken, so the same texts in any order give the same
 * vocabulary. Training stops early where no pair is frequent enough.
 *
 * @param vocabularySize number of tokens to reach: 512 byte tokens, one for each new token, and the start and end token
 * @param minimumCount how often a pair must occur to become a token, at least 1
 * @param cleaning what is done to the texts first; use the tokenizer's
 * @param words what is a word, which no token crosses; use the tokenizer's
 */
public record BpeTrainer(int vocabularySize, int minimumCount, TextCleaning cleaning, WordRule words) {
    private static final int FIXED_TOKENS = 514;

    /** Checks that the sizes are possible. */
    public BpeTrainer {
        if (vocabularySize < FIXED_TOKENS) {
            throw new IllegalArgumentException("vocabulary size " + vocabularySize
                    + " is too small: the byte tokens and the" + " start and end token are " + FIXED_TOKENS);
        }
        if (minimumCount < 1) {
            throw new IllegalArgumentException("minimum count " + minimumCount + " must be at least 1");
        }
    }

    /** Creates a trainer with the words of OpenAI's CLIP. */
    public BpeTrainer(int vocabularySize, int minimumCount, TextCleaning cleaning) {
        this(vocabularySize, minimumCount, cleaning, WordRule.LETTERS);
    }

    /** Creates a trainer that makes a token of any pair that occurs, with {@link TextCleaning#PLAIN}. */
    public BpeTrainer(int vocabularySize) {
        this(vocabularySize, 1, TextCleaning.PLAIN);
    }

    /** Returns the vocabulary learned from the texts, which are read once. */
    public Vocabulary train(Iterable<String> texts) {
        List<String> tokens = new ArrayList<>(Vocabulary.byteTokens().toList());
        Map<String, Integer> ids = new HashMap<>();
        tokens.forEach(token -> ids.put(token, ids.size()));
        var pairs = new PairCounts(tokens);
        pieceCounts(texts).forEach((piece, count) -> pairs.addWord(byteIds(piece, ids), count));

        var merges = new LinkedHashSet<Merge>();
        while (tokens.size() + 2 < vocabularySize) {
            var best = pairs.mostFrequent(minimumCount);
            if (best.isEmpty()) {
                break;
            }
            PairCounts.Pair pair = best.get();
            var merge = new Merge(tokens.get(pair.left()), tokens.get(pair.right()));
            merges.add(merge);
            // A token may arise in two ways, ab+c and a+bc; the second merge makes no new token, but its pairs again.
            Integer known = ids.putIfAbsent(merge.joined(), tokens.size());
            if (known == null) {
                tokens.add(merge.joined());
            }
            pairs.merge(pair, known == null ? tokens.size() - 1 : known);
        }
        return Vocabulary.ofMerges(List.copyOf(merges));
    }

    private Map<String, Long> pieceCounts(Iterable<String> texts) {
        Map<String, Long> counts = new HashMap<>();
        var splitter = new PreTokenizer(Vocabulary.START_OF_TEXT, Vocabulary.END_OF_TEXT, words);
        Consumer<String> count = piece -> counts.merge(piece, 1L, Long::sum);
        texts.forEach(text -> splitter.forEach(cleaning.clean(text), count));
        counts.remove(Vocabulary.START_OF_TEXT);
        counts.remove(Vocabulary.END_OF_TEXT);
        return counts;
    }

    private static int[] byteIds(String piece, Map<String, Integer> ids) {
        String symbols = ByteAlphabet.symbols(piece);
        int last = symbols.length() - 1;
        int[] word = new int[symbols.length()];
        for (int i = 0; i <= last; i++) {
            String symbol = symbols.substring(i, i + 1);
            word[i] = ids.getOrDefault(i == last ? symbol + ByteAlphabet.END_OF_WORD : symbol, 0);
        }
        return word;
    }
}
