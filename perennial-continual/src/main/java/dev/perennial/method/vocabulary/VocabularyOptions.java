package dev.perennial.method.vocabulary;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.text.WordRule;
import dev.perennial.method.Ranges;

/**
 * How a vocabulary grows (CLL-CLIP, Yang et al. 2024, arXiv 2401.17186).
 *
 * @param tokens size of the vocabulary that is trained on the captions of a language, the 514 tokens of bytes and markers included
 * @param minimumCount how often a pair must occur to become a token
 * @param words what is a word, which no token crosses
 * @param segmentation how texts of earlier languages are split
 * @param rows where the embeddings of new tokens come from
 */
public record VocabularyOptions(int tokens, int minimumCount, WordRule words, Segmentation segmentation, NewRows rows) {
    /** How texts of earlier languages are split. */
    public enum Segmentation {
        /** By all merges, as in the repository: a later language may split them anew, into tokens that they never trained. */
        @JsonProperty("newest")
        NEWEST,
        /** By the merges of their time, which takes a text whose language is known. */
        @JsonProperty("kept")
        KEPT
    }

    /** Checks the ranges. */
    public VocabularyOptions {
        Ranges.atLeast("vocabulary.tokens", 514, tokens);
        Ranges.atLeast("vocabulary.minimum-count", 1, minimumCount);
    }
}
