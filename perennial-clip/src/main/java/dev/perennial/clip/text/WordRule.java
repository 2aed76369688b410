package dev.perennial.clip.text;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a tokenizer takes for a word, which no token ever crosses. */
public enum WordRule {
    /**
     * A run of letters, as in openai/CLIP. A vowel sign of Hindi, Bengali or Thai is a mark and no letter, so it ends the word and is a
     * piece of its own.
     */
    @JsonProperty("letters")
    LETTERS("[\\p{L}]+"),
    /**
     * A letter with the letters, marks and joiners (U+200C, U+200D) after it. Text in which no mark follows a letter is split as by
     * {@link #LETTERS}.
     */
    @JsonProperty("letters-and-marks")
    LETTERS_AND_MARKS("\\p{L}[\\p{L}\\p{M}\\x{200C}\\x{200D}]*");

    /** The alternatives after the markers, in a syntax that Java and Hugging Face's tokenizers share. */
    private final String pieces;

    WordRule(String word) {
        this.pieces = "'s|'t|'re|'ve|'m|'ll|'d|" + word + "|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    }

    String pieces() {
        return pieces;
    }
}
