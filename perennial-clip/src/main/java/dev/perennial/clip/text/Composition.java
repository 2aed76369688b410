package dev.perennial.clip.text;

import java.text.Normalizer;

/**
 * Unicode composition (NFC) in time linear in the text's length.
 *
 * <p>{@link Normalizer} sorts a run of combining marks by insertion, which takes minutes for a run of a million. Text is
 * composed in blocks that end before an ASCII character, where nothing can compose; only a text that has none for
 * {@value #LONGEST_BLOCK} characters is cut where it stands.
 */
final class Composition {
    private static final int SHORTEST_BLOCK = 1024;
    private static final int LONGEST_BLOCK = 4096;

    private Composition() {}

    static String compose(String text) {
        if (text.length() <= SHORTEST_BLOCK) {
            return Normalizer.normalize(text, Normalizer.Form.NFC);
        }
        var composed = new StringBuilder(text.length());
        for (int start = 0; start < text.length(); ) {
            int end = blockEnd(text, start);
            composed.append(Normalizer.normalize(text.substring(start, end), Normalizer.Form.NFC));
            start = end;
        }
        return composed.toString();
    }

    private static int blockEnd(String text, int start) {
        int limit = Math.min(text.length(), start + LONGEST_BLOCK);
        for (int end = start + SHORTEST_BLOCK; end < limit; end++) {
            if (text.charAt(end) < 0x80) {
                return end;
            }
        }
        return limit < text.length() && Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
    }
}
