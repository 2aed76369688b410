package dev.perennial.clip.text;

import java.util.regex.Pattern;

/**
 * What is done to a text before it is split into pieces.
 *
 * <p>The published CLIP models were trained on text that went through OpenAI's cleaning, which begins with ftfy's repair.
 * For well-formed text without curly quotes and the like {@link #PLAIN} and {@link #REPAIRED} give the same.
 *
 * <p>All modes end with white space collapsed to single spaces and lower case without regard to a locale. A lone
 * surrogate becomes U+FFFD. All take time linear in the text's length.
 */
public enum TextCleaning {
    /**
     * OpenAI's and open_clip's cleaning without ftfy: HTML character references are replaced, twice.
     *
     * <p>Names that came with HTML 5, such as <code>&amp;check;</code>, are left as they are; the names of HTML 4 and all numeric
     * references are replaced as Python's {@code html.unescape} does.
     */
    PLAIN {
        @Override
        public String clean(String text) {
            return finish(text);
        }
    },

    /**
     * {@link #PLAIN} with the text composed (NFC), so that a letter and its mark give the same ids however they were typed: for vocabularies
     * of languages beside English. Composed text is left as {@link #PLAIN} leaves it.
     */
    COMPOSED {
        @Override
        public String clean(String text) {
            return finish(Composition.compose(withoutLoneSurrogates(text)));
        }
    },

    /**
     * OpenAI's cleaning with a part of ftfy's repair.
     *
     * <p>Curly quotes are made straight, Latin ligatures are spelled out, full- and half-width forms get their normal
     * width, line breaks of all kinds are white space, control characters and terminal escapes are dropped, U+0080 to
     * U+009F are read as Windows-1252, and the text is composed (NFC). Not done is the repair of mojibake: UTF-8 that was
     * read in a wrong encoding ("schÃ¶n") stays as it is.
     */
    REPAIRED {
        @Override
        public String clean(String text) {
            return finish(TextRepair.repair(withoutLoneSurrogates(text)));
        }
    },

    /**
     * The normalizer of Hugging Face's fast CLIP tokenizer.
     *
     * <p>The text is composed (NFC); HTML character references stay as they are, nothing is repaired, and every character
     * is put in lower case alone, so that a Greek final sigma is not told apart. With it the tokenizer gives Hugging
     * Face's ids, except where a text has a start or end marker right after punctuation, or a long s after an apostrophe.
     */
    HUGGING_FACE {
        @Override
        public String clean(String text) {
            return LowerCase.ofEach(collapsed(Composition.compose(withoutLoneSurrogates(text))));
        }
    };

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /** Returns the text as the tokenizer splits it. */
    public abstract String clean(String text);

    private static String finish(String text) {
        String unescaped = HtmlEntities.unescape(HtmlEntities.unescape(text));
        return LowerCase.of(stripped(collapsed(stripped(withoutLoneSurrogates(unescaped)))));
    }

    private static String collapsed(String text) {
        return WHITE_SPACE.matcher(text).replaceAll(" ");
    }

    /** Python's strip: it counts U+001C to U+001F as white space at the ends, which its \s inside does not. */
    private static String stripped(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isStripped(text.charAt(start))) {
            start++;
        }
        while (end > start && isStripped(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isStripped(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    private static String withoutLoneSurrogates(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        var whole = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
