package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theDeviationIsThatOfASample() {
        Spread spread =
                Spread.of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0)).orElseThrow();
        assertThat(spread.mean()).isEqualTo(5);
        // The squares of the differences add up to 32.
        assertThat(spread.deviation().orElseThrow()).isCloseTo(Math.sqrt(32 / 7.0), within(1e-12));
        assertThat(spread.count()).isEqualTo(8);
    }

    @Test
    void aSingleMeasurementHasNoDeviation() {
        assertThat(Spread.of(List.of(3.5)).orElseThrow().deviation()).isEmpty();
        assertThat(Spread.of(List.of())).isEmpty();
    }
}
