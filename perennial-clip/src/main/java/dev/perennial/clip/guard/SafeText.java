package dev.perennial.clip.guard;

import java.util.Locale;

/**
 * Text from a file as messages may quote it.
 *
 * <p>Names in a hostile file can be megabytes long, fake further lines of a log, steer a terminal, or reverse the reading order.
 */
public final class SafeText {
    /** The longest text that is shown whole, in characters. */
    static final int LONGEST = 1_000;

    private static final int TAIL = 300;
    private static final String CUT = " ... ";

    private SafeText() {}

    /** Returns the text on one line, controls written as {@code \}{@code u001b}, the middle of a long one left out. */
    public static String of(String text) {
        String shown = text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST - TAIL - CUT.length()) + CUT + text.substring(text.length() - TAIL);
        if (shown.chars().noneMatch(c -> isUnsafe((char) c))) {
            return shown;
        }
        var safe = new StringBuilder(shown.length() + 50);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (isUnsafe(c) && !isPaired(shown, i)) {
                safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    private static boolean isUnsafe(char c) {
        return Character.isISOControl(c) || Character.isSurrogate(c) || isSeparatorOrDirection(c);
    }

    private static boolean isSeparatorOrDirection(char c) {
        return (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069') || c == '\u200e' || c == '\u200f';
    }

    private static boolean isPaired(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : Character.isLowSurrogate(c) && at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
