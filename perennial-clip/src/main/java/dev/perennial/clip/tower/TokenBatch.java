package dev.perennial.clip.tower;

import java.util.Arrays;
import java.util.List;

/**
 * Token ids of a batch of texts, all rows of one length, and the position at which each is pooled.
 *
 * <p>The text tower is causal: what stands after a text's EOT token cannot change its feature. {@link #of} therefore cuts the
 * batch after its longest text, which gives the same features as the full context several times faster.
 */
public final class TokenBatch {
    private final long[] ids;
    private final int[] ends;
    private final int length;

    private TokenBatch(long[] ids, int[] ends, int length) {
        this.ids = ids;
        this.ends = ends;
        this.length = length;
    }

    /**
     * Creates a batch that is as long as its longest text.
     *
     * @param texts ids of each text, start token to EOT token; what follows the first EOT is ignored
     * @param endOfTextId id of the EOT token
     * @throws IllegalArgumentException if there is no text, or one has no EOT token
     */
    public static TokenBatch of(List<int[]> texts, int endOfTextId) {
        int[] ends =
                texts.stream().mapToInt(text -> firstIndex(text, endOfTextId)).toArray();
        return cut(texts, ends, Arrays.stream(ends).max().orElse(0) + 1);
    }

    /** Creates a batch that pools each text at the first occurrence of its largest id, as OpenAI's code does. */
    public static TokenBatch endingAtMaximum(List<int[]> texts) {
        int[] ends = texts.stream()
                .mapToInt(text -> firstIndex(text, Arrays.stream(text).max().orElseThrow(() -> empty())))
                .toArray();
        return cut(texts, ends, Arrays.stream(ends).max().orElse(0) + 1);
    }

    /** Returns the same texts padded with id 0 to this many tokens. */
    public TokenBatch paddedTo(int contextLength) {
        if (contextLength < length) {
            throw new IllegalArgumentException(
                    "cannot pad to " + contextLength + " tokens: the longest text has " + length);
        }
        long[] padded = new long[ends.length * contextLength];
        for (int row = 0; row < ends.length; row++) {
            System.arraycopy(ids, row * length, padded, row * contextLength, length);
        }
        return new TokenBatch(padded, ends, contextLength);
    }

    /** Returns the texts of these rows, in this order, cut after the longest of them. */
    public TokenBatch select(int[] rows) {
        int[] chosen = Arrays.stream(rows).map(row -> ends[row]).toArray();
        int longest = Arrays.stream(chosen).max().orElseThrow(() -> empty()) + 1;
        long[] kept = new long[rows.length * longest];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(ids, rows[i] * length, kept, i * longest, longest);
        }
        return new TokenBatch(kept, chosen, longest);
    }

    /** Returns the number of texts. */
    public int size() {
        return ends.length;
    }

    /** Returns the number of tokens of every row. */
    public int length() {
        return length;
    }

    long[] ids() {
        return ids;
    }

    /**
     * Returns the position of each text's EOT token in the flattened batch {@code [size * (length + entered)]}.
     *
     * @param entered tokens that have entered each row before it
     */
    long[] flatEnds(long entered) {
        long[] flat = new long[ends.length];
        for (int row = 0; row < ends.length; row++) {
            flat[row] = row * (length + entered) + entered + ends[row];
        }
        return flat;
    }

    private static TokenBatch cut(List<int[]> texts, int[] ends, int length) {
        if (texts.isEmpty()) {
            throw empty();
        }
        long[] ids = new long[texts.size() * length];
        for (int row = 0; row < texts.size(); row++) {
            int[] text = texts.get(row);
            for (int i = 0; i <= ends[row]; i++) {
                ids[row * length + i] = text[i];
            }
        }
        return new TokenBatch(ids, ends, length);
    }

    private static int firstIndex(int[] text, int id) {
        for (int i = 0; i < text.length; i++) {
            if (text[i] == id) {
                return i;
            }
        }
        throw new IllegalArgumentException("a text of " + text.length + " tokens has no EOT token " + id);
    }

    private static IllegalArgumentException empty() {
        return new IllegalArgumentException("a batch of texts needs at least one text with at least one token");
    }
}
