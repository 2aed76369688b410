package dev.perennial.clip.text;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The repairs of the Python library ftfy that change what CLIP reads, except that of mojibake.
 *
 * <p>Its documentation: ftfy.readthedocs.io; Speer 2019, doi:10.5281/zenodo.2591652.
 */
final class TextRepair {
    private static final Pattern TERMINAL_ESCAPE = Pattern.compile("\u001b\\[[0-9;]*[a-zA-Z]");
    /** An entity may hide an entity; ftfy repeats until nothing changes, which a text can make take for ever. */
    private static final int MAX_PASSES = 8;

    private static final Map<Integer, String> REPLACEMENTS = replacements();

    private TextRepair() {}

    static String repair(String text) {
        // With a '<' the text may be HTML, whose entities are meant as they stand.
        boolean unescapes = text.indexOf('<') < 0;
        String repaired = text;
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            String before = repaired;
            String plain = unescapes ? HtmlEntities.unescape(before) : before;
            repaired = Composition.compose(withoutControls(replaced(plain)));
            if (repaired.equals(before)) {
                break;
            }
        }
        return repaired;
    }

    private static String replaced(String text) {
        var out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String replacement = REPLACEMENTS.get(c);
            if (replacement == null) {
                out.appendCodePoint(c);
            } else {
                out.append(replacement);
            }
        });
        return out.toString();
    }

    /** Escape sequences go as a whole, before their escape character alone would. */
    private static String withoutControls(String text) {
        var out = new StringBuilder(text.length());
        TERMINAL_ESCAPE
                .matcher(text)
                .replaceAll("")
                .codePoints()
                .filter(c -> !isControl(c))
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    private static boolean isControl(int c) {
        return (c < ' ' && "\t\n\f\r".indexOf(c) < 0)
                || c == 0x7f
                || (c >= 0x206a && c <= 0x206f)
                || c == 0xfeff
                || (c >= 0xfff9 && c <= 0xfffc);
    }

    private static Map<Integer, String> replacements() {
        var replacements = new HashMap<Integer, String>();
        for (int c = 0x80; c <= 0x9f; c++) {
            String character = HtmlEntities.windows1252(c);
            // Windows-1252 has curly quotes, so its characters go through the same table.
            replacements.put(c, isCurly(character.codePointAt(0)) ? straight(character.codePointAt(0)) : character);
        }
        "ĲĳǱǲǳǄǅǆǇǈǉǊǋǌﬀﬁﬂﬃﬄﬆ".chars().forEach(c -> replacements.put(c, compatible(c)));
        replacements.put((int) 'ﬅ', "ſt");
        replacements.put((int) 'ŉ', "'n");
        replacements.put(0x3000, " ");
        for (int c = 0xff01; c <= 0xffef; c++) {
            replacements.put(c, compatible(c));
        }
        for (int c = 0x2018; c <= 0x201f; c++) {
            replacements.put(c, straight(c));
        }
        replacements.put(0x02bc, "'");
        return Map.copyOf(replacements);
    }

    private static boolean isCurly(int c) {
        return c >= 0x2018 && c <= 0x201f;
    }

    private static String straight(int curly) {
        return curly < 0x201c ? "'" : "\"";
    }

    private static String compatible(int c) {
        return Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC);
    }
}
