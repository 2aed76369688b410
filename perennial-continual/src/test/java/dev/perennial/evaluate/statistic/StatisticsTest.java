package dev.perennial.evaluate.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void fewSamplesHaveWilsonsInterval() {
        // 8 of 10: (0.8 + z^2/20 -+ z sqrt(0.016 + z^2/400)) / (1 + z^2/10) with z = 1.959964.
        Interval interval = Interval.of(new Outcomes("1111111100", List.of()));
        assertThat(interval.low()).isCloseTo(49.016, within(0.001));
        assertThat(interval.high()).isCloseTo(94.332, within(0.001));
        assertThat(Interval.of(new Outcomes("0000", List.of())).low()).isZero();
    }

    @Test
    void manySamplesHaveTheBootstrapOfTheirShare() {
        Outcomes outcomes = Outcomes.of(IntStream.range(0, 1000).map(i -> i % 4 == 0 ? 1 : 0));
        Interval interval = Interval.of(outcomes);
        double half = 1.96 * 100 * Math.sqrt(0.25 * 0.75 / 1000);
        assertThat(outcomes.percent()).isEqualTo(25);
        assertThat(interval.low()).isCloseTo(25 - half, within(0.4));
        assertThat(interval.high()).isCloseTo(25 + half, within(0.4));
        assertThat(Interval.of(outcomes)).as("the same every time").isEqualTo(interval);
    }

    @Test
    void samplesOfOneClusterCountAsOne() {
        // 100 clusters of ten equal outcomes are as sure as 100 samples, not as 1000.
        String right = IntStream.range(0, 100)
                .mapToObj(i -> (i % 2 == 0 ? "1" : "0").repeat(10))
                .reduce("", String::concat);
        Interval alone = Interval.of(new Outcomes(right, List.of()));
        Interval clustered = Interval.of(new Outcomes(right, Collections.nCopies(100, 10)));
        assertThat(clustered.high() - clustered.low()).isGreaterThan(2.5 * (alone.high() - alone.low()));
    }

    @Test
    void mcNemarCountsDiscordantSamplesOnly() {
        // Ten samples only the first got right, two only the second: 2 * P(X <= 2), X ~ B(12, 1/2) = 2 * 79 / 4096.
        Outcomes first = new Outcomes("1".repeat(10) + "00" + "1".repeat(30), List.of());
        Outcomes second = new Outcomes("0".repeat(10) + "11" + "1".repeat(30), List.of());
        PairedTest test = PairedTest.of(first, second);
        assertThat(test.firstOnly()).isEqualTo(10);
        assertThat(test.secondOnly()).isEqualTo(2);
        assertThat(test.pValue()).isCloseTo(158 / 4096.0, within(1e-9));
        assertThat(test.difference()).isCloseTo(100 * 8 / 42.0, within(1e-9));
        assertThat(test.interval().low()).isLessThan(test.difference());
        assertThat(test.interval().high()).isGreaterThan(test.difference());
        assertThat(PairedTest.of(first, first).pValue()).isEqualTo(1);
    }

    @Test
    void clustersAreComparedByTheBootstrap() {
        List<Integer> clusters = Collections.nCopies(50, 5);
        Outcomes better = new Outcomes("11110".repeat(50), clusters);
        Outcomes worse = new Outcomes("10100".repeat(50), clusters);
        assertThat(PairedTest.of(better, worse).pValue()).isLessThan(0.01);
        assertThat(PairedTest.of(better, better).pValue()).isEqualTo(1);
    }

    @Test
    void otherSamplesAreRefused() {
        assertThatThrownBy(() -> PairedTest.of(new Outcomes("10", List.of()), new Outcomes("1", List.of())))
                .hasMessageContaining("the same samples");
        assertThatThrownBy(() -> new Outcomes("10", List.of(3))).hasMessageContaining("clusters of 3");
        assertThatThrownBy(() -> new Outcomes("", List.of())).hasMessageContaining("at least one");
    }

    @Test
    void calibrationIsTheGapOfProbabilityAndAccuracy() {
        var error = new CalibrationError();
        // One bin holds 0.62 and 0.64 with one right, another 1.0 and 1.0 with both right.
        error.add(0.62, true);
        error.add(0.64, false);
        error.add(1, true);
        error.add(1, true);
        assertThat(error.percent()).isCloseTo(100 * (0.26 / 4), within(1e-9));
        assertThatThrownBy(() -> error.add(1.2, true)).hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> new CalibrationError().percent()).hasMessageContaining("no sample");
    }

    @Test
    void aGapIsADifferenceOfDifferences() {
        Outcomes all = Outcomes.of(IntStream.generate(() -> 1).limit(100));
        Outcomes half = Outcomes.of(IntStream.range(0, 100).map(i -> i % 2));
        GapTest gap = GapTest.of(new GapTest.Pair(all, half), new GapTest.Pair(half, half));
        assertThat(gap.gap()).isEqualTo(50);
        assertThat(gap.interval().low()).isBetween(35.0, 45.0);
        assertThat(gap.interval().high()).isBetween(55.0, 65.0);
        assertThat(gap.pValue()).isLessThan(0.01);
        GapTest none = GapTest.of(new GapTest.Pair(all, half), new GapTest.Pair(all, half));
        assertThat(none.gap()).isZero();
        assertThat(none.pValue()).isGreaterThan(0.5);
        Outcomes grouped = Outcomes.concat(List.of(half, new Outcomes("1100", List.of(3, 1))));
        assertThat(grouped.size()).isEqualTo(104);
        assertThat(grouped.clusters()).hasSize(102);
    }
}
