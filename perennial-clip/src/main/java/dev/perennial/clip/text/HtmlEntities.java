package dev.perennial.clip.text;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.translate.EntityArrays;

/**
 * Replaces HTML character references as Python's {@code html.unescape} does, which openai/CLIP calls.
 *
 * <p>Numeric references follow HTML 5, with or without the semicolon. Of the names it knows the 253 of HTML 4 and
 * <code>&amp;apos;</code>, and the 106 that browsers accept without a semicolon; the about 1,870 names that came with HTML 5
 * (such as <code>&amp;check;</code>) are left as they are, where Python replaces them.
 */
final class HtmlEntities {
    /** Reads the bytes 128 to 159 that stand in for printable characters. */
    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private static final Pattern REFERENCE =
            Pattern.compile("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");
    private static final Map<String, String> NAMES = names();

    private HtmlEntities() {}

    static String unescape(String text) {
        return text.indexOf('&') < 0
                ? text
                : REFERENCE
                        .matcher(text)
                        .replaceAll(match -> Matcher.quoteReplacement(
                                match.group(1).startsWith("#") ? numeric(match.group(1)) : named(match)));
    }

    /** Returns what Windows-1252 has at a byte between 128 and 159, or the control character where it has nothing. */
    static String windows1252(int unsignedByte) {
        String character = new String(new byte[] {(byte) unsignedByte}, WINDOWS_1252);
        return character.equals("\ufffd") ? Character.toString(unsignedByte) : character;
    }

    private static String numeric(String reference) {
        boolean hex = reference.charAt(1) == 'x' || reference.charAt(1) == 'X';
        int end = reference.endsWith(";") ? reference.length() - 1 : reference.length();
        int codePoint = 0;
        for (int i = hex ? 2 : 1; i < end && codePoint <= Character.MAX_CODE_POINT; i++) {
            codePoint = codePoint * (hex ? 16 : 10) + Character.digit(reference.charAt(i), 16);
        }
        if (codePoint == 0
                || codePoint > Character.MAX_CODE_POINT
                || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE)) {
            return "\ufffd";
        }
        if (codePoint >= 0x80 && codePoint <= 0x9f) {
            return windows1252(codePoint);
        }
        return isInvalid(codePoint) ? "" : Character.toString(codePoint);
    }

    private static boolean isInvalid(int codePoint) {
        return (codePoint < ' ' && "\t\n\f\r".indexOf(codePoint) < 0)
                || codePoint == 0x7f
                || (codePoint >= 0xfdd0 && codePoint <= 0xfdef)
                || (codePoint & 0xfffe) == 0xfffe;
    }

    /** A name that is not known may begin with one that needs no semicolon: <code>&amp;notit;</code> is <code>¬it;</code>. */
    private static String named(MatchResult match) {
        String name = match.group(1);
        for (int length = name.length(); length > 1; length--) {
            String replacement = NAMES.get(name.substring(0, length));
            if (replacement != null) {
                return replacement + name.substring(length);
            }
        }
        return match.group();
    }

    private static Map<String, String> names() {
        var names = new HashMap<String, String>();
        EntityArrays.HTML40_EXTENDED_UNESCAPE.forEach((name, text) -> putWithSemicolon(names, name, text));
        EntityArrays.APOS_UNESCAPE.forEach((name, text) -> putWithSemicolon(names, name, text));
        EntityArrays.ISO8859_1_UNESCAPE.forEach((name, text) -> putBoth(names, name, text));
        EntityArrays.BASIC_UNESCAPE.forEach((name, text) -> putBoth(names, name, text));
        putBoth(names, "&AMP;", "&");
        putBoth(names, "&LT;", "<");
        putBoth(names, "&GT;", ">");
        putBoth(names, "&QUOT;", "\"");
        putBoth(names, "&COPY;", "\u00a9");
        putBoth(names, "&REG;", "\u00ae");
        // HTML 5 moved these two from the technical to the mathematical brackets.
        putWithSemicolon(names, "&lang;", "\u27e8");
        putWithSemicolon(names, "&rang;", "\u27e9");
        return Map.copyOf(names);
    }

    private static void putWithSemicolon(Map<String, String> names, CharSequence entity, CharSequence text) {
        names.put(entity.toString().substring(1), text.toString());
    }

    private static void putBoth(Map<String, String> names, CharSequence entity, CharSequence text) {
        putWithSemicolon(names, entity, text);
        names.put(entity.toString().substring(1, entity.length() - 1), text.toString());
    }
}
