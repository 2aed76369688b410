package dev.perennial.method.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HerdedSelectionTest {
    private static float[] at(double degrees) {
        return new float[] {(float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees))};
    }

    @Test
    void theFirstIsNearestToTheMeanAndTheNextBalanceIt() {
        // The mean lies near 20 degrees; after 20 itself, 0 and 50 pull the mean of the chosen back towards it.
        float[][] features = {at(0), at(20), at(50), at(10)};
        int[] order = HerdedSelection.of(features, 4);
        assertThat(order[0]).isEqualTo(1);
        assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3);
        double[] errors = {distance(features, order, 1), distance(features, order, 2)};
        for (int first = 0; first < 4; first++) {
            assertThat(distance(features, new int[] {first}, 1)).isGreaterThanOrEqualTo(errors[0] - 1e-9);
            assertThat(distance(features, new int[] {order[0], first}, 2) >= errors[1] - 1e-9 || first == order[0])
                    .isTrue();
        }
    }

    @Test
    void samplesThatCannotBeReadAreNeverChosen() {
        float[][] features = {at(0), {0, 0}, at(40)};
        assertThat(HerdedSelection.of(features, 5)).containsExactlyInAnyOrder(0, 2);
    }

    @Test
    void everyClassGetsItsShareBestFirst() {
        float[][] features = {at(0), at(5), at(12), at(90), at(100), at(104)};
        int[] labels = {0, 0, 0, 1, 1, 1};
        assertThat(HerdedSelection.byClass(features, labels, 2)).containsExactly(1, 4);
        int[] four = HerdedSelection.byClass(features, labels, 4);
        assertThat(four).startsWith(1, 4).hasSize(4);
        assertThat(four[2]).isBetween(0, 2);
        assertThat(four[3]).isBetween(3, 5);
        assertThat(HerdedSelection.byClass(features, labels, 3)).hasSize(3);
    }

    private static double distance(float[][] features, int[] chosen, int count) {
        double square = 0;
        for (int i = 0; i < 2; i++) {
            double mean = 0;
            for (float[] row : features) {
                mean += row[i] / features.length;
            }
            double own = 0;
            for (int k = 0; k < count; k++) {
                own += features[chosen[k]][i] / count;
            }
            square += (mean - own) * (mean - own);
        }
        return Math.sqrt(square);
    }
}
