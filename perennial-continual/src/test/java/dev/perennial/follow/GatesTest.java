package dev.perennial.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.evaluate.metric.ResultMatrix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final double NONE = Double.NaN;
    private static final OptionalDouble OPEN = OptionalDouble.empty();

    /** Two promoted steps, the second of which has lost a point of the first, and a third on trial. */
    private static ResultMatrix trial(double first, double second, double third, double control) {
        return ResultMatrix.builder(List.of("a", "b", "c"), List.of("a", "b", "c", "search"))
                .zeroShot(10, 10, 10, 50)
                .after("a", 60, 20, NONE, 49)
                .after("b", 59, 70, 30, 48)
                .after("c", first, second, third, control)
                .build();
    }

    private static Gates gates(OptionalDouble earlier, OptionalDouble control, OptionalDouble fresh) {
        return new Gates(earlier, control, fresh, Optional.empty());
    }

    @Test
    void smallLossesMayNotAddUpUnlessTheyAreCountedFromTheCurrentModel() {
        ResultMatrix trial = trial(58.5, 70, 80, 48);
        assertThat(gates(OptionalDouble.of(1), OPEN, OPEN).failures(trial))
                .containsExactly(
                        "earlier step a fell from 60.0 (best so far) to 58.5: 1.5 points where 1.0 may be lost");
        var current = new Gates(OptionalDouble.of(1), OPEN, OPEN, Optional.of(Gates.Against.CURRENT));
        assertThat(current.failures(trial)).isEmpty();
    }

    @Test
    void controlSetsAreHeldToThePretrainedModelToo() {
        assertThat(gates(OPEN, OptionalDouble.of(2), OPEN).failures(trial(0, 0, 0, 48)))
                .isEmpty();
        assertThat(gates(OPEN, OptionalDouble.of(2), OPEN).failures(trial(60, 70, 80, 47.9)))
                .containsExactly(
                        "control set search fell from 50.0 (best so far) to 47.9: 2.1 points where 2.0 may be lost");
    }

    @Test
    void aStepMayBeAskedToHaveBeenWorthIt() {
        assertThat(gates(OPEN, OPEN, OptionalDouble.of(5)).failures(trial(60, 70, 35, 50)))
                .isEmpty();
        assertThat(gates(OPEN, OPEN, OptionalDouble.of(5)).failures(trial(60, 70, 34, 50)))
                .containsExactly(
                        "new step c went from 30.0 to 34.0 by learning it: a gain of 4.0 where 5.0 is asked for");
    }

    @Test
    void withoutGatesEverythingPasses() {
        assertThat(Gates.OPEN.failures(trial(0, 0, 0, 0))).isEmpty();
        assertThatThrownBy(() -> gates(OptionalDouble.of(-1), OPEN, OPEN)).hasMessageContaining("gates.earlier-steps");
    }
}
