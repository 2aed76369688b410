package dev.perennial.judge.blind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.judge.blind.BlindPairs.Found;
import dev.perennial.judge.blind.BlindPairs.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlindPairsTest {
    @Test
    void onlyPairsAlikeToTheFirstAndDifferentToTheSecondAreFound() {
        float[][] rows = {unit(0), unit(5), unit(90), unit(93)};
        float[][] others = {unit(0), unit(80), unit(0), unit(10)};
        Found found = BlindPairs.find(rows, others, Thresholds.PUBLISHED, 10, 10);
        assertThat(found.pairs()).hasSize(1);
        BlindPair pair = found.pairs().getFirst();
        assertThat(pair.first()).isZero();
        assertThat(pair.second()).isEqualTo(1);
        assertThat(pair.cosine())
                .isCloseTo((float) Math.cos(Math.toRadians(5)), org.assertj.core.data.Offset.offset(1e-5f));
        assertThat(found.above()).as("2 and 3 are alike to both").isEqualTo(2);
        assertThat(found.found()).isEqualTo(1);
    }

    @Test
    void blocksFindWhatASimpleSearchFinds() {
        int images = 4500;
        var random = new Random(5);
        float[][] rows = new float[images][];
        float[][] others = new float[images][];
        for (int i = 0; i < images; i++) {
            rows[i] = unit(random.nextDouble() * 360);
            others[i] = unit(random.nextDouble() * 360);
        }
        Thresholds narrow = new Thresholds(0.9999999f, -0.99f);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            for (int j = i + 1; j < images; j++) {
                if (product(rows[i], rows[j]) > narrow.above() && product(others[i], others[j]) < narrow.below()) {
                    expected.add(i + " " + j);
                }
            }
        }
        long live = TensorScope.liveObjects();
        Found found = BlindPairs.find(rows, others, narrow, Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(TensorScope.liveObjects()).isEqualTo(live);
        assertThat(expected).isNotEmpty();
        // Cosines next to the threshold may fall to either side of it by rounding.
        assertThat(found.pairs().size()).isBetween((int) (0.8 * expected.size()), (int) (1.2 * expected.size()) + 1);
        assertThat(found.found()).isEqualTo(found.pairs().size());
        assertThat(found.pairs()).isSortedAccordingTo((a, b) -> Float.compare(b.difference(), a.difference()));
    }

    @Test
    void noImageIsShownMoreOftenThanAsked() {
        float[][] rows = new float[20][];
        float[][] others = new float[20][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = unit(0.01 * i);
            others[i] = unit(18.0 * i);
        }
        Found found = BlindPairs.find(rows, others, Thresholds.PUBLISHED, 100, 1);
        assertThat(found.pairs()).hasSizeBetween(5, 10);
        assertThat(found.pairs().stream().flatMap(pair -> java.util.stream.Stream.of(pair.first(), pair.second())))
                .doesNotHaveDuplicates();
        assertThat(BlindPairs.find(rows, others, Thresholds.PUBLISHED, 3, 9).pairs())
                .hasSize(3);
    }

    @Test
    void sharesGiveThresholdsOfTheEncodersThemselves() {
        var random = new Random(1);
        float[][] rows = new float[400][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = unit(random.nextDouble() * 360);
        }
        Thresholds thresholds = Thresholds.ofShares(rows, rows, 0.01, 0.5);
        assertThat(thresholds.above()).isGreaterThan(0.99f);
        assertThat(thresholds.below()).isBetween(-0.1f, 0.1f);
    }

    @Test
    void impossibleThresholdsAndSizesAreRefused() {
        assertThatThrownBy(() -> new Thresholds(1.5f, 0)).hasMessageContaining("-1 to 1");
        assertThatThrownBy(() ->
                        BlindPairs.find(new float[][] {unit(0)}, new float[][] {unit(0)}, Thresholds.PUBLISHED, 1, 1))
                .hasMessageContaining("several images");
    }

    private static float[] unit(double degrees) {
        return new float[] {(float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees))};
    }

    private static float product(float[] a, float[] b) {
        return a[0] * b[0] + a[1] * b[1];
    }
}
