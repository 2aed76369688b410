package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.run.AdaptRun;
import dev.perennial.run.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a run in place of a model. */
class RunModelTest {
    @TempDir
    Path folder;

    private Path model = Path.of("");
    private Path run = Path.of("");

    @BeforeEach
    void learn() {
        model = TinyFiles.model(folder.resolve("tiny"), 1);
        run = folder.resolve("elsewhere/run");
        TinyFiles.dataset(folder.resolve("pets"));
        RunConfig.Resolved config = RunConfig.read(TinyFiles.config(folder, ""), List.of());
        new AdaptRun(config, ModelOption.source(), folder.resolve("cache"), _ -> {}).execute(run);
    }

    @Test
    void usesWhatTheRunHasLearned() {
        assertThat(probabilities(run)).isNotEqualTo(probabilities(model)).isEqualTo(probabilities(run));
    }

    @Test
    void tellsWhenThePretrainedModelHasChanged() {
        TinyFiles.model(model, 2);
        classify(run).assertFailed(2, "was trained from weights with SHA-256", "tiny");
    }

    @Test
    void tellsWhenThePretrainedModelIsGone() throws IOException {
        Files.move(model, folder.resolve("moved"));
        classify(run).assertFailed(2, "its pretrained model 'tiny' is no longer at");
    }

    @Test
    void tellsWhenTheRunHasNoCheckpointYet() throws IOException {
        Files.move(run.resolve("checkpoints/001-end"), run.resolve("checkpoints/.001-end.tmp"));
        classify(run).assertFailed(2, "no committed checkpoint yet");
    }

    @Test
    void tellsWhenACheckpointIsDamaged() throws IOException {
        Files.writeString(run.resolve("checkpoints/001-end/method.safetensors"), "nonsense");
        classify(run).assertFailed(2, "method.safetensors", "damaged");
    }

    @Test
    void isReportedOn() throws IOException {
        Outcome outcome = Outcome.of("report", run).assertDone();
        assertThat(outcome.out()).contains("pets", "zero-shot", "report.html");
        assertThat(Files.readString(run.resolve("report.html"))).contains("<html");
        Path markdown = folder.resolve("both.md");
        Outcome.of("report", run, "--format", "markdown", "--output", markdown).assertDone();
        assertThat(Files.readString(markdown)).startsWith("# ");
    }

    private String probabilities(Path of) {
        return classify(of).assertDone().out();
    }

    private Outcome classify(Path of) {
        return Outcome.of(
                "classify", "--model", of, "--labels", "cat,dog", "--format", "csv", folder.resolve("pets/test"));
    }
}
