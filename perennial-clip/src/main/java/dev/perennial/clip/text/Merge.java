package dev.perennial.clip.text;

/**
 * One rule of a byte-pair encoding: two neighbouring tokens that become one.
 *
 * @param left the first token, in the symbols of the byte alphabet
 * @param right the second token; ends with {@code </w>} where it closes a word
 */
public record Merge(String left, String right) {
    /** Returns the token that the two become. */
    public String joined() {
        return left + right;
    }

    /** Returns the rule as a line of a merges file. */
    @Override
    public String toString() {
        return left + " " + right;
    }
}
