package dev.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columnsAreAlignedForATerminal() {
        var table = new TextTable(List.of("run", "last")).row("zscl", "83.6").row("été", "9.0");
        assertThat(table.plain()).isEqualTo("""
                run   last
                ----  ----
                zscl  83.6
                été    9.0
                """);
    }

    @Test
    void markdownEscapesWhatWouldBreakTheTable() {
        var table = new TextTable(List.of("a|b", "n")).row("x*y\nz", "1");
        assertThat(table.markdown()).isEqualTo("""
                | a\\|b | n |
                | :--- | ---: |
                | x\\*y z | 1 |
                """);
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> new TextTable(List.of("a")).row("1", "2"))
                .hasMessageContaining("2 cells in a table of 1");
    }

    @Test
    void quantitiesAreShortAndTheSameInEveryLocale() {
        assertThat(Format.seconds(12.34)).isEqualTo("12.3 s");
        assertThat(Format.seconds(125)).isEqualTo("2 min 5 s");
        assertThat(Format.seconds(7322)).isEqualTo("2 h 2 min");
        assertThat(Format.bytes(512L << 20)).isEqualTo("512 MiB");
        assertThat(Format.bytes(3L << 29)).isEqualTo("1.5 GiB");
        assertThat(Format.count(9999)).isEqualTo("9999");
        assertThat(Format.count(59_800_000)).isEqualTo("59.8 M");
        assertThat(Format.score(-0.01)).isEqualTo("0.0");
        assertThat(Format.points(1.25)).isEqualTo("+1.3");
    }
}
