package dev.perennial.clip.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/** The words of a training text as tokens, and how often each pair of neighbouring tokens occurs in them. */
final class PairCounts {
    private final List<Word> words = new ArrayList<>();
    private final Map<Pair, Occurrences> pairs = new HashMap<>();
    /** May hold outdated counts; those are put right when they come first. */
    private final PriorityQueue<Candidate> queue;

    private boolean counted;

    /** Two neighbouring tokens, by id. */
    record Pair(int left, int right) {}

    private record Candidate(Pair pair, long count) {}

    /** A word that occurs {@code count} times. */
    private static final class Word {
        private int[] tokens;
        private final long count;

        Word(int[] tokens, long count) {
            this.tokens = tokens;
            this.count = count;
        }
    }

    /** How often a pair occurs, and the words that have it or had it. */
    private static final class Occurrences {
        private long count;
        private final IdList words = new IdList();
    }

    /** Creates counts of no words; {@code tokens} are those that ids stand for, and may grow. */
    PairCounts(List<String> tokens) {
        queue = new PriorityQueue<>(Comparator.comparingLong(Candidate::count)
                .reversed()
                .thenComparing(candidate -> tokens.get(candidate.pair().left()))
                .thenComparing(candidate -> tokens.get(candidate.pair().right())));
    }

    /** Counts the pairs of a word. */
    void addWord(int[] word, long count) {
        words.add(new Word(word, count));
        for (int i = 0; i + 1 < word.length; i++) {
            change(new Pair(word[i], word[i + 1]), words.size() - 1, count);
        }
    }

    /** Returns the most frequent pair, the first by its tokens' characters of those, if it occurs often enough. */
    Optional<Pair> mostFrequent(long minimumCount) {
        if (!counted) {
            pairs.keySet().forEach(this::offer);
            counted = true;
        }
        while (!queue.isEmpty()) {
            Candidate first = queue.remove();
            Occurrences now = pairs.get(first.pair());
            if (now == null || now.count < minimumCount) {
                continue;
            }
            if (now.count == first.count()) {
                return Optional.of(first.pair());
            }
            offer(first.pair());
        }
        return Optional.empty();
    }

    /** Replaces a pair by a token everywhere. */
    void merge(Pair pair, int id) {
        Occurrences occurrences = pairs.remove(pair);
        if (occurrences == null) {
            return;
        }
        Set<Pair> grown = new HashSet<>();
        for (int word : occurrences.words.toArray()) {
            replace(word, pair, id, grown);
        }
        // What the replacement counted of the pair itself is gone from the words.
        pairs.remove(pair);
        grown.forEach(this::offer);
    }

    private void replace(int at, Pair pair, int id, Set<Pair> grown) {
        Word word = words.get(at);
        int[] old = word.tokens;
        var replaced = new IdList();
        for (int i = 0; i < old.length; ) {
            if (i + 1 == old.length || old[i] != pair.left() || old[i + 1] != pair.right()) {
                replaced.add(old[i++]);
                continue;
            }
            if (replaced.size() > 0) {
                change(new Pair(replaced.last(), pair.left()), at, -word.count);
                grow(new Pair(replaced.last(), id), at, word.count, grown);
            }
            if (i + 2 < old.length) {
                change(new Pair(pair.right(), old[i + 2]), at, -word.count);
                grow(new Pair(id, old[i + 2]), at, word.count, grown);
            }
            replaced.add(id);
            i += 2;
        }
        word.tokens = replaced.toArray();
    }

    private void grow(Pair pair, int word, long count, Set<Pair> grown) {
        change(pair, word, count);
        grown.add(pair);
    }

    private void change(Pair pair, int word, long count) {
        Occurrences occurrences = pairs.computeIfAbsent(pair, _ -> new Occurrences());
        occurrences.count += count;
        if (count > 0 && (occurrences.words.size() == 0 || occurrences.words.last() != word)) {
            occurrences.words.add(word);
        }
    }

    private void offer(Pair pair) {
        Occurrences occurrences = pairs.get(pair);
        if (occurrences != null && occurrences.count > 0) {
            queue.add(new Candidate(pair, occurrences.count));
        }
    }
}
