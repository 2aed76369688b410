package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetException;
import dev.perennial.data.Pictures;
import dev.perennial.method.Method;
import dev.perennial.method.Part;
import dev.perennial.method.TinyContext;
import dev.perennial.method.baseline.FineTuneProvider;
import dev.perennial.method.tune.TuningOptions;
import dev.perennial.run.TinyTraining;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private final List<StepReport> reports = new ArrayList<>();

    @Test
    void anEpochReadsEverySampleOnceAndReportsEveryStep() {
        Trainer.Outcome outcome = learn(config(Optional.empty(), Optional.of(2), 1, 1), pictures(10));
        assertThat(reports).extracting(StepReport::step).containsExactly(1, 2, 3, 4, 5);
        assertThat(reports).allMatch(report -> report.steps() == 5);
        assertThat(reports.getLast().samples()).isEqualTo(outcome.samples()).isBetween(18L, 20L);
        assertThat(reports.getFirst().learningRate()).isEqualTo(1e-3);
        assertThat(reports).allMatch(report -> report.gradientNorm() > 0 && Double.isFinite(report.loss()));
    }

    @Test
    void accumulatedStepsReadMoreSamples() {
        Trainer.Outcome outcome = learn(config(Optional.of(3), Optional.empty(), 2, 1), pictures(8));
        assertThat(reports).hasSize(3);
        assertThat(outcome.samples()).isEqualTo(24);
        assertThat(outcome.groups()).extracting(group -> group.name()).containsExactly("matrices");
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        learn(config(Optional.of(4), Optional.empty(), 1, 1), pictures(9));
        List<Double> one = reports.stream().map(StepReport::loss).toList();
        reports.clear();
        learn(config(Optional.of(4), Optional.empty(), 1, 3), pictures(9));
        assertThat(reports).extracting(StepReport::loss).isEqualTo(one);
    }

    @Test
    void anExperienceWithoutSamplesIsRefusedByName() {
        assertThatThrownBy(() -> learn(
                        config(Optional.of(2), Optional.empty(), 1, 1),
                        pictures(4).limit(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colours")
                .hasMessageContaining("no sample");
    }

    @Test
    void tooManyUnusableSamplesStopTheTraining() {
        Dataset pictures = pictures(8);
        Dataset unknownClasses = pictures.relabel("no such attribute", List.of("red", "green"));
        assertThatThrownBy(() -> learn(config(Optional.of(2), Optional.empty(), 1, 1), unknownClasses))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("colours");
    }

    @Test
    void learningLeavesNothingNativeBehind() {
        try (Clip clip = TinyClip.create(1)) {
            Method method = method(clip);
            Trainer trainer = trainer(config(Optional.of(5), Optional.empty(), 2, 2));
            trainer.learn(method, experience(pictures(8)));
            long base = TensorScope.liveObjects();
            for (int i = 0; i < 20; i++) {
                trainer.learn(method, experience(pictures(8)));
                assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
            }
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> config(Optional.of(1), Optional.of(1), 1, 1)).hasMessageContaining("has several");
        assertThatThrownBy(() -> config(Optional.empty(), Optional.empty(), 1, 1))
                .hasMessageContaining("has none");
        assertThatThrownBy(() -> config(Optional.of(0), Optional.empty(), 1, 1)).hasMessageContaining("steps");
        assertThatThrownBy(() -> config(Optional.of(1), Optional.empty(), 0, 1)).hasMessageContaining("accumulate");
        assertThatThrownBy(() -> config(Optional.of(1), Optional.empty(), 1, 0)).hasMessageContaining("threads");
    }

    @Test
    void epochsAreRoundedUpToStepsWithoutOverflow() {
        assertThat(config(Optional.empty(), Optional.of(3), 1, 1).stepsFor(9)).isEqualTo(7);
        assertThat(config(Optional.empty(), Optional.of(1), 1, 1).stepsFor(1)).isEqualTo(1);
        assertThat(config(Optional.empty(), Optional.of(5000), 1, 1).stepsFor(1_000_000))
                .isEqualTo(1_250_000_000);
    }

    private Trainer.Outcome learn(TrainingConfig config, Dataset dataset) {
        try (Clip clip = TinyClip.create(1)) {
            return trainer(config).learn(method(clip), experience(dataset));
        }
    }

    private Trainer trainer(TrainingConfig config) {
        return new Trainer(
                config,
                Preprocessing.openai(TinyClip.IMAGE_SIZE),
                new RandomStreams(2),
                new BadSamples(),
                reports::add);
    }

    private static Method method(Clip clip) {
        var options = new TuningOptions(Set.of(Part.IMAGE_PROJECTION), 0);
        return new FineTuneProvider().create(clip, options, TinyContext.of(3, 3));
    }

    private static Dataset pictures(int size) {
        return Pictures.ofColours("colours", size, "red", "green");
    }

    private static Experience experience(Dataset dataset) {
        return new Experience(
                0, "colours", dataset, new Supervision.Labels(List.of("red", "green"), PromptTemplates.of("{}")));
    }

    private static TrainingConfig config(
            Optional<Integer> steps, Optional<Integer> epochs, int accumulate, int threads) {
        return TinyTraining.of("{%s%s accumulate: %d, threads: %d, max-bad-share: 0.1}"
                .formatted(
                        steps.map(count -> "steps: " + count + ",").orElse(""),
                        epochs.map(count -> "epochs: " + count + ",").orElse(""),
                        accumulate,
                        threads));
    }
}
