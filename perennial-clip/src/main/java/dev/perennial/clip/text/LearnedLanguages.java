package dev.perennial.clip.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The languages that a vocabulary was extended for, in order.
 *
 * @param merges for each language code the number of merges when it had been added
 * @param kept whether a text of a known language is split by the merges of its time alone, so that later languages cannot split it anew;
 *     else by all merges, as in CLL-CLIP's repository
 */
public record LearnedLanguages(SequencedMap<String, Integer> merges, boolean kept) {
    /** No language. */
    public static final LearnedLanguages NONE = new LearnedLanguages(new LinkedHashMap<>(), false);

    /** Keeps an unchangeable copy. */
    public LearnedLanguages {
        merges = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(merges));
    }

    /** Returns these and another language; one that is known already keeps its merges. */
    LearnedLanguages with(String language, int mergeCount, boolean keep) {
        var more = new LinkedHashMap<>(merges);
        more.putIfAbsent(language, mergeCount);
        return new LearnedLanguages(more, keep);
    }
}
