package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void theRateRisesLinearlyAndFallsAsHalfACosine() {
        Schedule schedule = new Schedule(4, 12);
        assertThat(schedule.factor(0)).isEqualTo(0.25);
        assertThat(schedule.factor(3)).isEqualTo(1);
        assertThat(schedule.factor(4)).isEqualTo(1);
        assertThat(schedule.factor(8)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(11)).isCloseTo(0.5 * (1 + Math.cos(Math.PI * 7 / 8)), within(1e-12));
        assertThat(new Schedule(0, 1).factor(0)).isEqualTo(1);
    }

    @Property(tries = 200)
    void theFactorIsAShareThatNeverRisesAfterWarmUp(
            @ForAll @IntRange(max = 50) int warmUp, @ForAll @IntRange(min = 1, max = 100) int steps) {
        Schedule schedule = new Schedule(warmUp, steps);
        for (int step = 0; step < steps; step++) {
            assertThat(schedule.factor(step)).isBetween(0.0, 1.0);
            if (step > warmUp) {
                assertThat(schedule.factor(step)).isLessThanOrEqualTo(schedule.factor(step - 1));
            }
        }
    }

    @Test
    void anEmptyScheduleIsRefused() {
        assertThatThrownBy(() -> new Schedule(0, 0)).hasMessageContaining("at least one step");
        assertThatThrownBy(() -> new Schedule(-1, 5)).hasMessageContaining("warm-up");
    }
}
