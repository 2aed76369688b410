package dev.perennial.method.cllclip;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Which tokens the captions of an experience have, and how often. */
final class TokenCounts {
    private final long[] frequencies;
    private final SequencedMap<String, BitSet> byLanguage = new LinkedHashMap<>();

    /** Counts the tokens of lessons, start and end token left out. */
    TokenCounts(List<Lesson> lessons, int vocabularySize) {
        frequencies = new long[vocabularySize];
        for (Lesson lesson : lessons) {
            BitSet used = byLanguage.computeIfAbsent(lesson.language(), _ -> new BitSet());
            for (int i = 1; i < lesson.tokens().length - 1; i++) {
                frequencies[lesson.tokens()[i]]++;
                used.set(lesson.tokens()[i]);
            }
        }
    }

    /** Returns how often each token occurs. */
    long[] frequencies() {
        return frequencies.clone();
    }

    /** Returns which tokens occur. */
    boolean[] used() {
        boolean[] used = new boolean[frequencies.length];
        for (int token = 0; token < used.length; token++) {
            used[token] = frequencies[token] > 0;
        }
        return used;
    }

    /** Returns in how many languages each token occurs. */
    float[] languages() {
        float[] languages = new float[frequencies.length];
        byLanguage.values().forEach(used -> used.stream().forEach(token -> languages[token]++));
        return languages;
    }

    /** Returns the tokens of each language. */
    SequencedMap<String, BitSet> byLanguage() {
        return byLanguage;
    }
}
