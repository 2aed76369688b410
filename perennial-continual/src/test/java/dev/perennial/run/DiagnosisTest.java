package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.alignment.AlignmentMeasure;
import dev.perennial.evaluate.diagnosis.DiagnosisHistory;
import dev.perennial.evaluate.diagnosis.DiagnosisMeasure;
import dev.perennial.evaluate.diagnosis.DiagnosisRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
    private static final String[] MEASURED = {
        "training.steps=6", "diagnosis.gradients-every=2", "diagnosis.drift-every=3", "checkpoint.every-steps=1"
    };

    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
    }

    @Test
    void bothTowersAreMeasuredAsOftenAsAsked() {
        DiagnosisHistory history =
                RunResults.read(runs.run("run", "finetune", MEASURED)).diagnosis();
        assertThat(history.rows().stream().map(row -> row.experience() + " " + row.step()))
                .containsExactly("warm 2", "warm 3", "warm 4", "warm 6", "cold 2", "cold 3", "cold 4", "cold 6");
        assertThat(history.rows().get(3).values()).containsOnlyKeys(DiagnosisMeasure.values());
        assertThat(history.rows().get(1).values())
                .containsOnlyKeys(DiagnosisMeasure.IMAGE_DRIFT, DiagnosisMeasure.TEXT_DRIFT);
        assertThat(history.rows()).extracting(DiagnosisRow::samples).isSorted();
        assertThat(history.last(DiagnosisMeasure.IMAGE_DRIFT).orElseThrow()).isPositive();
        for (DiagnosisRow row : history.rows()) {
            row.values()
                    .forEach((measure, value) -> assertThat(value)
                            .as(measure.key())
                            .isBetween(0.0, measure.kind() == DiagnosisMeasure.Kind.ANGLE ? 180.0 : 1e6));
        }
    }

    @Test
    void theNormsOfBothTowersMakeUpThatOfAllGradients() {
        runs.run("run", "finetune", "training.steps=2", "diagnosis.gradients-every=1");
        List<RunEvent.Stepped> steps = runs.events.stream()
                .flatMap(event -> event instanceof RunEvent.Stepped stepped ? Stream.of(stepped) : Stream.of())
                .toList();
        assertThat(steps).hasSize(4).allSatisfy(step -> {
            double square = step.report().gradients().values().stream()
                    .mapToDouble(gradient -> gradient.norm() * gradient.norm())
                    .sum();
            assertThat(Math.sqrt(square)).isCloseTo(step.report().gradientNorm(), within(1e-4));
        });
        assertThat(steps.getFirst().report().gradients().values())
                .as("the first step has nothing to compare with")
                .allMatch(gradient -> gradient.angle().isEmpty());
    }

    @Test
    void driftAtTheEndIsThatOfTheAngles() {
        Path run = runs.run(
                "run", "finetune", "training.steps=2", "diagnosis.drift-every=2", "diagnosis.probe-samples=256");
        RunResults results = RunResults.read(run);
        double drift = results.diagnosis().last(DiagnosisMeasure.IMAGE_DRIFT).orElseThrow();
        Double rotation = results.alignment().rows().getLast().values().get(AlignmentMeasure.IMAGE_ROTATION);
        assertThat(rotation).isNotNull();
        // 1 - cosine is convex, so that its mean is at least that of the mean angle, and more the more angles differ.
        double least = 1 - Math.cos(Math.toRadians(rotation));
        assertThat(drift).isBetween(least - 1e-6, 2 * least);
    }

    @Test
    void aTowerThatIsNotTrainedHasNoGradientAndDoesNotDrift() {
        Path run = runs.run(
                "run",
                "finetune",
                "training.steps=2",
                "diagnosis.gradients-every=1",
                "diagnosis.drift-every=1",
                "options.train=[image-projection]");
        DiagnosisHistory history = RunResults.read(run).diagnosis();
        assertThat(history.mean(DiagnosisMeasure.TEXT_GRADIENT)).isEmpty();
        assertThat(history.last(DiagnosisMeasure.TEXT_DRIFT).orElseThrow()).isCloseTo(0, within(1e-6));
        assertThat(history.last(DiagnosisMeasure.IMAGE_DRIFT).orElseThrow()).isGreaterThan(1e-6);
    }

    @Test
    void measuringChangesNoWeightAndNotMeasuringLeavesNoFile() throws IOException {
        Path plain = runs.run("plain", "finetune", "training.steps=6");
        Path measured = runs.run("measured", "finetune", MEASURED);
        String weights = "checkpoints/002-end/method.safetensors";
        assertThat(Files.mismatch(plain.resolve(weights), measured.resolve(weights)))
                .isEqualTo(-1);
        assertThat(plain.resolve("diagnosis.csv")).doesNotExist();
        assertThat(RunResults.read(plain).diagnosis().rows()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 9, 12})
    void aRunThatWasCutOffMeasuresWhatOneWithoutAStopDoes(int cutAfter) throws IOException {
        Path calm = runs.run("calm", "finetune", MEASURED);
        Path cut = folder.resolve("cut");
        AtomicInteger steps = new AtomicInteger();
        assertThatThrownBy(() -> new AdaptRun(
                                runs.config("finetune", MEASURED), runs.models(), folder.resolve("cache"), event -> {
                                    if (event instanceof RunEvent.Stepped && steps.incrementAndGet() == cutAfter) {
                                        throw new IllegalStateException("cut off");
                                    }
                                })
                        .execute(cut))
                .hasMessage("cut off");
        new AdaptRun(RunFolder.configuration(cut), runs.models(), folder.resolve("cache"), _ -> {}).resume(cut);
        assertThat(Files.readString(cut.resolve("diagnosis.csv")))
                .isEqualTo(Files.readString(calm.resolve("diagnosis.csv")));
    }

    @Test
    void measuringLeavesNothingNativeBehind() {
        runs.run("first", "finetune", MEASURED);
        long base = TensorScope.liveObjects();
        runs.run("second", "finetune", MEASURED);
        assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
    }

    @Test
    void aPartThatMeasuresNothingIsRefused() {
        assertThatThrownBy(() -> runs.config("finetune", "diagnosis.probe-samples=3"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("gradients-every or drift-every");
    }
}
