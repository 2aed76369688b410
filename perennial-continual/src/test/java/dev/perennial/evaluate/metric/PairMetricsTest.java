package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairMetricsTest {
    @Test
    void aPairIsRightOnlyIfBothStatementsFindTheirImage() {
        var right = pair("Texts", 1, 2, 0.9f, 0.1f, 0.2f, 0.8f);
        var half = pair("Texts", 3, 4, 0.9f, 0.1f, 0.8f, 0.7f);
        var wrong = pair("State", 5, 6, 0.1f, 0.2f, 0.4f, 0.3f);
        var metrics = PairMetrics.of(List.of(right, half, wrong));
        assertThat(metrics.patterns()).containsExactly(Map.entry("Texts", 50.0), Map.entry("State", 0.0));
        assertThat(metrics.average()).isEqualTo(25);
        assertThat(metrics.questionAccuracy()).isEqualTo(50);
        assertThat(metrics.imageToText()).isEqualTo(200 / 3.0, within(1e-9));
        assertThat(metrics.group()).isEqualTo(100 / 3.0, within(1e-9));
    }

    @Test
    void aTieGoesToTheSecondImage() {
        var tie = pair("State", 1, 2, 0.5f, 0.5f, 0.5f, 0.5f);
        assertThat(tie.firstChoice()).isEqualTo(2);
        assertThat(tie.secondChoice()).isEqualTo(2);
        assertThat(tie.rightStatements()).isEqualTo(1);
        assertThat(tie.imageToTextRight()).isFalse();
    }

    @Test
    void theRightAnswerFollowsTheIdAndNotThePlaceInThePair() {
        var swapped = pair("State", 2, 1, 0.1f, 0.9f, 0.8f, 0.2f);
        assertThat(swapped.firstAnswer()).isEqualTo(2);
        assertThat(swapped.textToImageRight()).isTrue();
        assertThat(swapped.imageToTextRight()).isTrue();
    }

    @Test
    void twoOddIdsAreNotAPair() {
        assertThatThrownBy(() -> pair("State", 1, 3, 0, 0, 0, 0)).hasMessageContaining("1 and 3 cannot be a pair");
        assertThatThrownBy(() -> PairMetrics.of(List.of())).hasMessageContaining("at least one pair");
    }

    private static ScoredPair pair(String pattern, int first, int second, float a, float b, float c, float d) {
        return new ScoredPair(pattern, first, second, new ScoredPair.Scores(a, b, c, d));
    }
}
