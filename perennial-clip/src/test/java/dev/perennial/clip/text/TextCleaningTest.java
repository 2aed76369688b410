package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TextCleaningTest {
    /** The results are those of Python's html.unescape. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    &eacute;         | é
                    &eacute          | é
                    &ampx            | &x
                    &AMP             | &
                    &notit;          | ¬it;
                    &apos;           | "'"
                    &hellip;         | …
                    &hellip          | &hellip
                    &lang;           | ⟨
                    &#233;           | é
                    &#233            | é
                    &#xE9;           | é
                    &#X1f600;        | 😀
                    &#128;           | €
                    &#0;             | \ufffd
                    &#xD800;         | \ufffd
                    &#x110000;       | \ufffd
                    &#99999999999;   | \ufffd
                    a&#1;b           | ab
                    a&#xFFFF;b       | ab
                    &unknown;        | &unknown;
                    &;               | &;
                    &#;              | &#;
                    &#x;             | &#x;
                    &lt;b&gt;        | <b>
                    """)
    void replacesHtmlReferencesAsPythonDoes(String text, String expected) {
        assertThat(HtmlEntities.unescape(text)).isEqualTo(expected.replace("\"", ""));
    }

    @Test
    void unescapesTwice() {
        assertThat(TextCleaning.PLAIN.clean("&amp;lt;")).isEqualTo("<");
        assertThat(TextCleaning.PLAIN.clean("&amp;amp;lt;")).isEqualTo("&lt;");
    }

    @ParameterizedTest
    @EnumSource(TextCleaning.class)
    void collapsesWhiteSpaceOfAllScriptsAndLowersTheCase(TextCleaning cleaning) {
        assertThat(cleaning.clean("A\u00a0\u2003B\t\r\n\u2028C\u3000D")).isEqualTo("a b c d");
    }

    @Test
    void trimsSeparatorsThatItKeepsInside() {
        assertThat(TextCleaning.PLAIN.clean("\u001c a\u001cb \u001f\n")).isEqualTo("a\u001cb");
    }

    /** The results are those of Python's str.lower. */
    @ParameterizedTest
    @CsvSource({
        "ΟΔΟΣ,οδος",
        "ΑΣ.Α,ασ.α",
        "ΑΣ-Α,ας-α",
        "Α.Σ,α.ς",
        "ΑΣ:,ας:",
        "Α:Σ,α:ς",
        "1Σ,1σ",
        "ªΣ,ªς",
        "Α_Σ,α_σ",
        "Σ,σ",
        "İ,i̇",
    })
    void putsGreekAndTurkishInLowerCaseAsPythonDoes(String text, String expected) {
        assertThat(TextCleaning.PLAIN.clean(text)).isEqualTo(expected);
    }

    static Stream<Arguments> repairs() {
        return Stream.of(
                arguments("it&rsquo;s", "it's"),
                arguments("it&amp;rsquo;s", "it's"),
                arguments("‚low‘ „high“", "'low' \"high\""),
                arguments("ﬁﬃĲ ﬅ", "fiffiij ſt"),
                arguments("ŉ ʼn", "'n 'n"),
                arguments("ｆｕｌｌ１２", "full12"),
                arguments("ｶﾞ", "ガ"),
                arguments("a\u0096b", "a–b"),
                arguments("\u0093q\u0094", "\"q\""),
                arguments("a\u0081b", "a\u0081b"),
                arguments("\u001b[1;31mred\u001b[0m", "red"),
                arguments("a\u0007b", "ab"),
                arguments("\ufeffa", "a"),
                arguments("e\u0301", "é"),
                arguments("schÃ¶n", "schã¶n"));
    }

    @ParameterizedTest
    @MethodSource
    void repairs(String text, String expected) {
        assertThat(TextCleaning.REPAIRED.clean(text)).isEqualTo(expected);
    }

    @Test
    void leavesEntitiesOfHtmlToTheLaterUnescaping() {
        assertThat(TextCleaning.REPAIRED.clean("<b>it&rsquo;s")).isEqualTo("<b>it’s");
    }

    @Test
    void keepsEntitiesAndSmallSigmaInTheFormOfHuggingFace() {
        assertThat(TextCleaning.HUGGING_FACE.clean("&amp; ΟΔΟΣ e\u0301")).isEqualTo("&amp; οδοσ é");
    }

    @Test
    void composesLongTextLikeShortText() {
        String accented = "re\u0301sume\u0301 ";
        assertThat(Composition.compose(accented.repeat(5000))).isEqualTo("résumé ".repeat(5000));
        assertThat(Composition.compose("😀".repeat(20_000))).isEqualTo("😀".repeat(20_000));
    }
}
