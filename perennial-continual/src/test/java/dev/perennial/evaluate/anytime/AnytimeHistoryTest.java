package dev.perennial.evaluate.anytime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.evaluate.metric.OnlineMetric;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AnytimeHistoryTest {
    private static final AnytimeHistory HISTORY = new AnytimeHistory(
            List.of(
                    new AnytimePoint("session 1", false, new ArrivalCounts(128, 100, 20, 8, 2), 3, 30, 70.0),
                    new AnytimePoint("session 1", true, new ArrivalCounts(150, 130, 20, 0, 2), 3, 30, 60.0),
                    new AnytimePoint("session 2", false, new ArrivalCounts(228, 190, 38, 0, 3), 5, 50, 1 / 3.0),
                    new AnytimePoint("session 2", true, new ArrivalCounts(300, 262, 38, 0, 3), 5, 50, 40.0)),
            List.of(
                    new SessionAccuracy("session 1", Map.of("cat, big", 80.0)),
                    new SessionAccuracy("session 2", Map.of("cat, big", 50.0))));

    @Test
    void filesGiveBackWhatWasWritten() {
        assertThat(AnytimeHistory.parse(HISTORY.pointsCsv(), HISTORY.classesCsv()))
                .isEqualTo(HISTORY);
        assertThat(HISTORY.pointsCsv())
                .contains(",taken,dropped,waiting,unreadable,")
                .contains("session 1,period,128,100,20,8,2,3,30,70.0");
    }

    @Test
    void theAreaIsOverThePeriodsAndForgettingOverTheEnds() {
        Map<String, Double> metrics = OnlineMetric.of(
                HISTORY.periodic(), HISTORY.classesAfterSessions(), OptionalDouble.of(90), 100.0 * 262 / 300);
        assertThat(metrics)
                .hasEntrySatisfying("anytimeArea", area -> assertThat(area).isCloseTo((70 + 1 / 3.0) / 2, within(1e-9)))
                .containsEntry("classForgetting", 30.0)
                .containsEntry("controlRetention", 90.0)
                .containsKey("takenShare");
    }

    @Test
    void anEvaluationIsDueWhenAMultipleIsFirstExceeded() {
        var config = new AnytimeConfig(1000, OptionalInt.empty());
        long[] before = {0};
        long[] due = LongStream.rangeClosed(1, 80)
                .map(batch -> 64 * batch)
                .filter(arrived -> {
                    boolean is = config.isDue(arrived, before[0]);
                    before[0] = is ? arrived : before[0];
                    return is;
                })
                .toArray();
        assertThat(due).containsExactly(1024, 2048, 3008, 4032, 5056);
        assertThat(config.isDue(1000, 0)).isFalse();
        assertThat(config.isDue(1001, 1000)).isTrue();
    }

    @Test
    void aSampleThatIsNotAccountedForIsRefused() {
        assertThatThrownBy(() -> new ArrivalCounts(100, 60, 30, 9, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of 100 samples that came");
    }
}
