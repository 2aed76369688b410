package dev.perennial.clip.text;

import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Splits cleaned text into the pieces that are encoded one by one.
 *
 * <p>A piece is a start or end marker, an English contraction, a word, one digit, or a run of other characters;
 * white space between them is dropped (the pattern of openai/CLIP {@code simple_tokenizer.py}).
 *
 * <p>Two things differ from Python's {@code regex} module: letters that are newer than the JDK's Unicode version count as
 * other characters, and the combining iota U+0345, which that module drops, is kept.
 */
final class PreTokenizer {
    private final Pattern pattern;

    PreTokenizer(String startToken, String endToken, WordRule words) {
        pattern = Pattern.compile(
                Pattern.quote(startToken) + "|" + Pattern.quote(endToken) + "|" + words.pieces(),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** Hands over the pieces in order, for as long as more are wanted. */
    void forEachWhile(String cleaned, Predicate<String> wantsMore) {
        var matcher = pattern.matcher(cleaned);
        while (matcher.find() && wantsMore.test(matcher.group())) {
            // The predicate does the work.
        }
    }

    /** Hands over all pieces in order. */
    void forEach(String cleaned, Consumer<String> action) {
        pattern.matcher(cleaned).results().forEach(match -> action.accept(match.group()));
    }
}
