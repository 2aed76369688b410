package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContinualMetricsTest {
    private static final double NONE = Double.NaN;

    /** Worked by hand; rows after a, b, c; columns a, b, c. */
    private static final ResultMatrix THREE = ResultMatrix.builder(List.of("a", "b", "c"), List.of("a", "b", "c"))
            .zeroShot(40, 50, 60)
            .after("a", 90, 40, 60)
            .after("b", 80, 85, 30)
            .after("c", 84, 70, 95)
            .build();

    @Test
    void threeExperiencesGiveTheNumbersWorkedByHand() {
        assertThat(ContinualMetrics.transfer(THREE).values()).isEqualTo(Map.of("b", 40.0, "c", 45.0));
        assertThat(ContinualMetrics.average(THREE).values().sequencedValues())
                .containsExactly(254 / 3.0, 195 / 3.0, 185 / 3.0);
        assertThat(ContinualMetrics.last(THREE).mean()).hasValue(83);
        assertThat(ContinualMetrics.learn(THREE).mean()).hasValue(90);
        assertThat(ContinualMetrics.backwardTransfer(THREE).values())
                .isEqualTo(Map.of("a", -6.0, "b", -15.0, "c", 0.0));
        assertThat(ContinualMetrics.backwardTransfer(THREE).mean()).hasValue(-7);
        assertThat(ContinualMetrics.forgetting(THREE).values()).isEqualTo(Map.of("a", 6.0, "b", 15.0));
        assertThat(ContinualMetrics.forwardTransfer(THREE).values()).isEqualTo(Map.of("b", -10.0, "c", -30.0));
        assertThat(ContinualMetrics.zeroShotRetention(THREE).values()).isEqualTo(Map.of("b", 80.0, "c", 75.0));
        assertThat(ContinualMetrics.seenAverage(THREE).of("a").orElseThrow()).isEqualTo(254 / 3.0, within(1e-12));
        assertThat(ContinualMetrics.seenAverage(THREE).of("b")).hasValue(77.5);
    }

    @Test
    void theMeansAreKeyedInTheOrderInWhichTheyAreShown() {
        assertThat(ContinualMetric.means(THREE))
                .containsEntry("transfer", 42.5)
                .containsEntry("zeroShotRetention", 77.5)
                .hasSize(ContinualMetric.values().length);
        assertThat(ContinualMetric.means(THREE).firstEntry().getKey()).isEqualTo("transfer");
    }

    @Test
    void aHeldOutSetChangesOnlyTheRetention() {
        ResultMatrix matrix = ResultMatrix.builder(List.of("a", "b"), List.of("a", "held out", "b"))
                .zeroShot(10, 50, 20)
                .after("a", 90, 40, 20)
                .after("b", 90, 30, 80)
                .build();
        assertThat(matrix.learnedAt(1)).isEmpty();
        assertThat(ContinualMetrics.transfer(matrix).mean()).hasValue(20);
        assertThat(ContinualMetrics.last(matrix).values()).containsOnlyKeys("a", "b");
        assertThat(ContinualMetrics.zeroShotRetention(matrix).values()).isEqualTo(Map.of("held out", 70.0, "b", 100.0));
    }

    @Test
    void withoutAnyTaughtSetAllSetsCount() {
        ResultMatrix matrix = ResultMatrix.builder(List.of("2023", "2024"), List.of("birds"))
                .zeroShot(50)
                .after("2023", 60)
                .after("2024", 40)
                .build();
        assertThat(ContinualMetrics.last(matrix).mean()).hasValue(40);
        assertThat(ContinualMetrics.average(matrix).mean()).hasValue(50);
        assertThat(ContinualMetrics.forgetting(matrix).mean()).isEmpty();
    }

    @Test
    void anUnfinishedRunIsMeasuredUpToItsLastRow() {
        ResultMatrix matrix = ResultMatrix.builder(List.of("a", "b", "c"), List.of("a", "b", "c"))
                .after("a", 90, 40, 60)
                .after("b", 80, 85, 30)
                .build();
        assertThat(matrix.lastMeasured()).hasValue(1);
        assertThat(ContinualMetrics.last(matrix).mean()).hasValue(65);
        assertThat(ContinualMetrics.learn(matrix).values()).isEqualTo(Map.of("a", 90.0, "b", 85.0));
        assertThat(ContinualMetrics.forgetting(matrix).values()).isEqualTo(Map.of("a", 10.0));
        assertThat(ContinualMetrics.forwardTransfer(matrix).mean()).isEmpty();
        assertThat(ContinualMetrics.zeroShotRetention(matrix).mean()).isEmpty();
    }

    @Test
    void cellsOfUnseenClassesMayBeMissing() {
        ResultMatrix matrix = ResultMatrix.square(List.of("0-9", "10-19"), new double[][] {{90, NONE}, {70, 80}});
        assertThat(ContinualMetrics.transfer(matrix).mean()).isEmpty();
        assertThat(ContinualMetrics.average(matrix).mean()).hasValue(80);
        assertThat(ContinualMetrics.forgetting(matrix).mean()).hasValue(20);
        assertThat(matrix.score(0, 1)).isEmpty();
    }

    @Test
    void aSetTaughtTwiceIsLearnedTheFirstTime() {
        ResultMatrix matrix = ResultMatrix.builder(List.of("spring", "summer", "autumn"), List.of("birds", "fish"))
                .teaches("autumn", "birds")
                .teaches("summer", "birds")
                .teaches("spring", "fish")
                .after("spring", 30, 70)
                .after("summer", 60, 65)
                .after("autumn", 75, 50)
                .build();
        assertThat(matrix.learnedAt(0)).hasValue(1);
        assertThat(matrix.seen(0, 0)).isFalse();
        assertThat(ContinualMetrics.transfer(matrix).values()).isEqualTo(Map.of("birds", 30.0));
        assertThat(ContinualMetrics.backwardTransfer(matrix).values()).isEqualTo(Map.of("birds", 15.0, "fish", -20.0));
        assertThatThrownBy(matrix::square)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'autumn' teaches 0");
    }

    @Test
    void theSquareFollowsTheStreamWhateverTheOrderOfTheColumns() {
        ResultMatrix matrix = ResultMatrix.builder(List.of("en", "de"), List.of("de", "en"))
                .after("en", 10, 50)
                .after("de", 40, 45)
                .build();
        assertThat(matrix.square()).isDeepEqualTo(new double[][] {{50, 10}, {45, 40}});
        assertThat(LanguageMetrics.of(matrix).firstLanguageForgetting()).containsExactly(5.0);
        assertThat(TimeMetrics.of(matrix)).isEqualTo(new TimeMetrics(45, 45, 10));
    }

    @Test
    void wrongInputIsNamed() {
        var builder = ResultMatrix.builder(List.of("a"), List.of("a", "b"));
        assertThatThrownBy(() -> builder.after("c", 1, 2)).hasMessageContaining("no experience 'c'");
        assertThatThrownBy(() -> builder.after("a", 1)).hasMessageContaining("1 scores after 'a' for 2 data sets");
        assertThatThrownBy(() -> builder.after("a", 1, 100.5)).hasMessageContaining("100.5 of 'b' after 'a'");
        assertThatThrownBy(() -> builder.teaches("a", "z")).hasMessageContaining("no data set 'z'");
        assertThatThrownBy(() -> ResultMatrix.builder(List.of(), List.of("a", "a")))
                .hasMessageContaining("data set must occur once");
    }
}
