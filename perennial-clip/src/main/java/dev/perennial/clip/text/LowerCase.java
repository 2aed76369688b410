package dev.perennial.clip.text;

/**
 * Lower case as Python has it, in linear time.
 *
 * <p>{@link String#toLowerCase} looks for word boundaries around each Greek capital sigma. That is quadratic in the
 * text's length, and it differs from Unicode's rule (The Unicode Standard, section 3.13) and from Python in such words
 * as "ΑΣ-Α".
 */
final class LowerCase {
    private static final int CAPITAL_I_WITH_DOT = 0x130;
    private static final int CAPITAL_SIGMA = 0x3a3;
    private static final int FINAL_SIGMA = 0x3c2;
    /** What Unicode's word break has as MidLetter, MidNumLet and Single_Quote. */
    private static final String INSIDE_WORDS =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027" + "\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private LowerCase() {}

    /** Returns the text in lower case, with a final sigma at the ends of Greek words. */
    static String of(String text) {
        return convert(text, true);
    }

    /** Returns every character in lower case by itself. */
    static String ofEach(String text) {
        return convert(text, false);
    }

    private static String convert(String text, boolean findFinals) {
        var lower = new StringBuilder(text.length());
        boolean afterCased = false;
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (c == CAPITAL_SIGMA && findFinals && afterCased && !beforeCased(text, i + 1)) {
                lower.appendCodePoint(FINAL_SIGMA);
            } else if (c == CAPITAL_I_WITH_DOT) {
                lower.append("i\u0307");
            } else {
                lower.appendCodePoint(Character.toLowerCase(c));
            }
            afterCased = isIgnorable(c) ? afterCased : isCased(c);
        }
        return lower.toString();
    }

    private static boolean beforeCased(String text, int start) {
        int i = start;
        while (i < text.length() && isIgnorable(text.codePointAt(i))) {
            i += Character.charCount(text.codePointAt(i));
        }
        return i < text.length() && isCased(text.codePointAt(i));
    }

    private static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    /** Unicode's Case_Ignorable. */
    private static boolean isIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> INSIDE_WORDS.indexOf(c) >= 0;
        };
    }
}
