package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Pictures;
import dev.perennial.run.TinyTraining;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Training in which numbers explode. */
class DivergenceTest {
    private static final int STEPS = 6;
    private final List<StepReport> reports = new ArrayList<>();

    @Test
    void theTrainingStopsAndNamesTheStep() {
        try (var method = new ExplodingMethod(2)) {
            assertThatThrownBy(() -> learn(method, OnDivergence.STOP, 3))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("step 3 of colours")
                    .hasMessageContaining("learning rate");
            assertThat(reports).hasSize(2);
            assertThat(method.weight()).isFinite();
        }
    }

    @Test
    void skippedStepsAreCountedAndToldAndChangeNothing() {
        try (var method = new ExplodingMethod(1, 3);
                var calm = new ExplodingMethod()) {
            Trainer.Outcome outcome = learn(method, OnDivergence.SKIP, 1);
            assertThat(outcome.skipped()).isEqualTo(2);
            assertThat(method.stepped).containsExactly(0, 2, 4, 5);
            assertThat(reports).extracting(StepReport::skipped).containsExactly(0, 1, 1, 2, 2, 2);
            assertThat(reports.get(1).problem()).get().asString().contains("the loss is NaN in step 2 of colours");
            assertThat(reports.get(1).loss()).isNaN();
            assertThat(reports.get(2).problem()).isEmpty();
            learn(calm, OnDivergence.SKIP, 1);
            assertThat(method.weight()).isBetween(calm.weight(), 1f).isNotEqualTo(calm.weight());
        }
    }

    @Test
    void tooManySkippedStepsInARowStopTheTraining() {
        try (var method = new ExplodingMethod(1, 2, 3)) {
            assertThatThrownBy(() -> learn(method, OnDivergence.SKIP, 2))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("3 steps in a row")
                    .hasMessageContaining("max-skipped")
                    .hasMessageContaining("step 4 of colours");
        }
    }

    @Test
    void aSkippedStepInBetweenStartsTheCountAnew() {
        try (var method = new ExplodingMethod(0, 1, 3, 4)) {
            assertThat(learn(method, OnDivergence.SKIP, 2).skipped()).isEqualTo(4);
        }
    }

    private Trainer.Outcome learn(ExplodingMethod method, OnDivergence onDivergence, int maxSkipped) {
        var config =
                TinyTraining.of("{learning-rate: 0.1, steps: %d, batch-size: 2, on-divergence: %s, max-skipped: %d}"
                        .formatted(STEPS, onDivergence.name().toLowerCase(Locale.ROOT), maxSkipped));
        var experience = new Experience(
                0,
                "colours",
                Pictures.ofColours("colours", 4, "red", "green"),
                new Supervision.Labels(List.of("red", "green"), PromptTemplates.of("{}")));
        return new Trainer(config, Preprocessing.openai(16), new RandomStreams(1), new BadSamples(), reports::add)
                .learn(method, experience);
    }
}
