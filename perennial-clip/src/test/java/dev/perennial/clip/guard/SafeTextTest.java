package dev.perennial.clip.guard;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SafeTextTest {
    @Test
    void ordinaryTextOfAnyLanguageStaysAsItIs() {
        for (String text : new String[] {"", "photo.jpg: ends early", "写真.jpg", "صورة", "👨‍👩‍👧.png", "Straße"}) {
            assertThat(SafeText.of(text)).isEqualTo(text);
        }
    }

    @Test
    void whatSteersATerminalOrFakesALineIsWrittenOut() {
        assertThat(SafeText.of("a\u001b[2J\nperennial: all is well\0"))
                .isEqualTo("a\\u001b[2J\\u000aperennial: all is well\\u0000");
        assertThat(SafeText.of("\u202egpj.exe\u2028\u009b\ud800")).isEqualTo("\\u202egpj.exe\\u2028\\u009b\\ud800");
    }

    @Test
    void longTextKeepsItsStartAndItsEnd() {
        String shown = SafeText.of("model.pt: names '" + "x".repeat(1_000_000) + "'; fetch it again");
        assertThat(shown)
                .hasSize(SafeText.LONGEST)
                .startsWith("model.pt: names 'xxx")
                .endsWith("xxx'; fetch it again");
    }

    @Property
    void anyTextIsShownOnOneShortLine(@ForAll String text) {
        assertThat(SafeText.of(text + text + text).codePoints())
                .hasSizeLessThanOrEqualTo(6 * SafeText.LONGEST)
                .noneMatch(c -> Character.isISOControl(c) || (c >= 0xd800 && c < 0xe000));
    }
}
