package dev.perennial.benchmarks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void anUnknownOptionIsAnErrorThatShowsTheUsage() {
        assertThatThrownBy(() -> Options.parse(List.of("--fast")))
                .hasMessageContaining("--fast")
                .hasMessageContaining("usage");
        assertThatThrownBy(() -> Options.parse(List.of("--output", "table.txt")))
                .hasMessageContaining("table.txt");
    }
}
