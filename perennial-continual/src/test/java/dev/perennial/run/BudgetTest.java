package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.evaluate.RunResults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Budgets of samples and of compute: two experiences of ten samples each, in batches of 6 and 4. */
class BudgetTest {
    private static final int BATCH = 6;

    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 27, 40, 53})
    void aBudgetOfSamplesIsKeptToWithinOneBatch(int budget) {
        Took took = took("run " + budget, "training.samples=" + budget);
        double each = 1000 * took.samplesSeen() / 2;
        assertThat(each).isGreaterThan(budget - BATCH).isLessThanOrEqualTo(budget);
    }

    @Test
    void aBudgetOfComputeIsOneOfSamplesOfTheModelAtHand() throws Exception {
        Took samples = took("samples", "training.samples=40");
        double macs = 1e12 * samples.compute() / (1000 * samples.samplesSeen());
        Took compute = took("compute", "training.gmacs=" + 40.5 * macs / 1e9);
        assertThat(compute).isEqualTo(samples);
        assertThat(Files.mismatch(
                        folder.resolve("samples/checkpoints/002-end/method.safetensors"),
                        folder.resolve("compute/checkpoints/002-end/method.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void aTrainingHasOneLength() {
        assertThatThrownBy(() -> runs.config("finetune", "training.samples=40", "training.gmacs=1.0"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs one of steps, epochs, samples and gmacs, and has several");
        assertThatThrownBy(() -> took("zero", "training.samples=0")).hasMessageContaining("must be positive");
    }

    private record Took(double samplesSeen, double compute) {}

    private Took took(String name, String length) {
        // The file states steps; a run of this configuration alone replaces them.
        Path config = runs.write(name + ".yaml", """
                method: finetune
                model: model
                training: {learning-rate: 1.0e-3, warm-up: 0, batch-size: 6, threads: 1}
                stream:
                  name: colours
                  tasks:
                    - {name: warm, data: {path: warm}}
                    - {name: cold, data: {path: cold}}
                """);
        Path run = folder.resolve(name);
        new AdaptRun(RunConfig.read(config, List.of(length)), runs.models(), folder.resolve("cache"), _ -> {})
                .execute(run);
        return new Took(value(run, "samplesSeen"), value(run, "compute"));
    }

    private static double value(Path run, String metric) {
        return RunResults.read(run).summary().metrics().getOrDefault(metric, Double.NaN);
    }
}
