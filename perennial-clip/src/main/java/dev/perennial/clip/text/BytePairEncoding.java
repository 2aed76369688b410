package dev.perennial.clip.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The merge loop: turns a piece of text into token ids by applying the merges in the order of their priority.
 *
 * <p>Safe for use by several threads. A piece of n bytes takes n log n steps. Short pieces are remembered, at most
 * {@value #CACHED_PIECES} of them.
 */
final class BytePairEncoding {
    private static final int CACHED_PIECES = 1 << 16;
    private static final int LONGEST_CACHED_PIECE = 64;
    private static final int NONE = -1;

    private final int[] byteIds = new int[256];
    private final int[] lastByteIds = new int[256];
    private final Map<Long, Integer> ranks;
    private final int[] mergedIds;
    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    BytePairEncoding(Vocabulary vocabulary) {
        this(vocabulary, vocabulary.merges().size());
    }

    /** Creates the loop over the first merges alone. */
    BytePairEncoding(Vocabulary vocabulary, int mergeCount) {
        for (int b = 0; b < 256; b++) {
            String symbol = ByteAlphabet.symbol(b);
            byteIds[b] = idOf(vocabulary, symbol);
            lastByteIds[b] = idOf(vocabulary, symbol + ByteAlphabet.END_OF_WORD);
        }
        List<Merge> merges = vocabulary.merges().subList(0, mergeCount);
        ranks = HashMap.newHashMap(merges.size());
        mergedIds = new int[merges.size()];
        for (int rank = 0; rank < mergedIds.length; rank++) {
            Merge merge = merges.get(rank);
            ranks.put(pair(idOf(vocabulary, merge.left()), idOf(vocabulary, merge.right())), rank);
            mergedIds[rank] = idOf(vocabulary, merge.joined());
        }
    }

    /** Returns the ids of a piece; the array is shared and must not be changed. */
    int[] encode(String piece) {
        if (piece.length() > LONGEST_CACHED_PIECE) {
            return new Word(piece).merged();
        }
        int[] known = cache.get(piece);
        if (known != null) {
            return known;
        }
        int[] ids = new Word(piece).merged();
        if (cache.size() >= CACHED_PIECES) {
            cache.clear();
        }
        cache.put(piece, ids);
        return ids;
    }

    private static int idOf(Vocabulary vocabulary, String token) {
        return vocabulary.id(token).orElseThrow();
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    /** A piece under way: a linked list of symbols, and its mergeable pairs ordered by rank, then by place. */
    private final class Word {
        private final int[] symbols;
        private final int[] previous;
        private final int[] next;
        private final PriorityQueue<Long> candidates = new PriorityQueue<>();

        Word(String piece) {
            byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
            int length = utf8.length;
            symbols = new int[length];
            previous = new int[length];
            next = new int[length];
            for (int i = 0; i < length; i++) {
                boolean last = i == length - 1;
                symbols[i] = (last ? lastByteIds : byteIds)[utf8[i] & 0xff];
                previous[i] = i - 1;
                next[i] = last ? NONE : i + 1;
            }
            for (int i = 0; i < length - 1; i++) {
                offer(i);
            }
        }

        int[] merged() {
            var changed = new ArrayList<Integer>();
            while (!candidates.isEmpty()) {
                int rank = rankOf(candidates.element());
                // One round merges every pair of this rank. The pairs that arise wait for its end: one of them may have
                // a higher priority, and would otherwise take a symbol from a pair further right.
                while (!candidates.isEmpty() && rankOf(candidates.element()) == rank) {
                    int at = candidates.remove().intValue();
                    if (rankAt(at) == rank) {
                        merge(at, mergedIds[rank]);
                        changed.add(at);
                    }
                }
                for (int at : changed) {
                    offer(at);
                    offer(previous[at]);
                }
                changed.clear();
            }
            return Arrays.stream(symbols).filter(symbol -> symbol != NONE).toArray();
        }

        private void merge(int at, int id) {
            int right = next[at];
            symbols[at] = id;
            symbols[right] = NONE;
            next[at] = next[right];
            if (next[at] != NONE) {
                previous[next[at]] = at;
            }
        }

        private void offer(int at) {
            int rank = at == NONE ? NONE : rankAt(at);
            if (rank != NONE) {
                candidates.add(pair(rank, at));
            }
        }

        private int rankAt(int at) {
            if (symbols[at] == NONE || next[at] == NONE) {
                return NONE;
            }
            return ranks.getOrDefault(pair(symbols[at], symbols[next[at]]), NONE);
        }

        private static int rankOf(long candidate) {
            return (int) (candidate >>> 32);
        }
    }
}
