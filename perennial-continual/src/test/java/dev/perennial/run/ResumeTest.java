package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import dev.perennial.train.checkpoint.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
    private static final String[] SHORT = {"training.steps=3", "training.on-divergence=skip"};

    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
    }

    @Test
    void stoppingAtAnyEventAndResumingGivesTheSameResults() throws IOException {
        Path calm = runs.run("calm", "finetune", SHORT);
        int events = runs.events.size();
        for (int i = 1; i < events; i++) {
            Path stopped = folder.resolve("stopped " + i);
            boolean inTime = stop(stopped, i);
            runs.events.clear();
            resume(stopped);
            assertSameResults(stopped, calm);
            assertThat(inTime || runs.events.size() == 1).as("stopped or over").isTrue();
        }
    }

    @Test
    void stoppingInABranchAndResumingGivesTheSameResults() throws IOException {
        String[] branch = {"training.steps=4", "training.cooldown=2", "training.next-from=before-cooldown"};
        Path calm = runs.run("calm", "finetune", branch);
        int events = runs.events.size();
        for (int i = 1; i < events; i++) {
            Path stopped = folder.resolve("stopped " + i);
            stop(
                    stopped,
                    i,
                    Stream.concat(Stream.of(branch), Stream.of("checkpoint.every-steps=1"))
                            .toArray(String[]::new));
            resume(stopped);
            assertSameResults(stopped, calm);
        }
    }

    @Test
    void aRunThatIsCutOffResumesFromItsNewestCheckpoint() throws IOException {
        Path calm = runs.run("calm", "finetune", SHORT);
        AtomicInteger steps = new AtomicInteger();
        Path cut = folder.resolve("cut");
        assertThatThrownBy(() -> run(cut, event -> {
                    if (event instanceof RunEvent.Stepped && steps.incrementAndGet() == 5) {
                        throw new IllegalStateException("cut off");
                    }
                }))
                .hasMessage("cut off");
        assertThat(RunFolder.checkpoints(cut).places())
                .containsExactly(new Place(0, 2), Place.after(0), new Place(1, 1));
        resume(cut);
        assertSameResults(cut, calm);
        assertThat(RunFolder.checkpoints(cut).places()).containsExactly(Place.after(0), Place.after(1));
    }

    @Test
    void aDamagedCheckpointIsToldAndTheOneBeforeIsTaken() throws IOException {
        Path calm = runs.run("calm", "finetune", SHORT);
        Path stopped = folder.resolve("stopped");
        stop(stopped, 14);
        List<Place> places = RunFolder.checkpoints(stopped).places();
        Path tensors = stopped.resolve("checkpoints")
                .resolve(places.getLast().folder())
                .resolve("optimizer.safetensors");
        byte[] bytes = Files.readAllBytes(tensors);
        bytes[bytes.length / 2] ^= 4;
        Files.write(tensors, bytes);
        runs.events.clear();
        resume(stopped);
        assertThat(runs.events.getFirst()).isInstanceOfSatisfying(RunEvent.Damaged.class, damaged -> {
            assertThat(damaged.checkpoint()).isEqualTo(tensors.getParent());
            assertThat(damaged.damage()).contains("optimizer.safetensors");
        });
        assertSameResults(stopped, calm);
    }

    @Test
    void withoutAnyWholeCheckpointTheRunStartsAgain() throws IOException {
        Path calm = runs.run("calm", "finetune", SHORT);
        Path stopped = folder.resolve("stopped");
        stop(stopped, 6);
        for (Place place : RunFolder.checkpoints(stopped).places()) {
            Files.delete(stopped.resolve("checkpoints").resolve(place.folder()).resolve("state.json"));
        }
        resume(stopped);
        assertSameResults(stopped, calm);
    }

    @Test
    void theModelOfARunIsThatAfterItsLastWholeExperience() throws IOException {
        Path stopped = folder.resolve("stopped");
        stop(stopped, 6);
        assertThatThrownBy(() -> AdaptedModel.open(stopped, runs.models()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no committed checkpoint");
        resume(stopped);
        float[] last = embedding(stopped);
        Path newest = stopped.resolve("checkpoints/002-end/method.safetensors");
        Files.write(newest, new byte[] {0}, StandardOpenOption.APPEND);
        assertThat(embedding(stopped)).as("the one before").isNotEqualTo(last);
    }

    @Test
    void timesAddUpOverStops() {
        Path stopped = folder.resolve("stopped");
        stop(stopped, 9);
        resume(stopped);
        RunSummary summary = RunResults.read(stopped).summary();
        assertThat(summary.costs().trainSeconds()).isPositive();
        assertThat(summary.costs().totalSeconds())
                .isGreaterThanOrEqualTo(
                        summary.costs().trainSeconds() + summary.costs().evaluateSeconds());
    }

    @Test
    void theLogGoesOnAfterATornLine() throws IOException {
        Path stopped = folder.resolve("stopped");
        stop(stopped, 6);
        Files.writeString(stopped.resolve("events.jsonl"), "{\"time\": \"20", StandardOpenOption.APPEND);
        resume(stopped);
        List<String> lines = Files.readAllLines(stopped.resolve("events.jsonl"));
        assertThat(lines).filteredOn(line -> line.endsWith("}")).hasSize(lines.size() - 1);
        assertThat(lines).anyMatch(line -> line.contains("\"resumed\""));
    }

    @Test
    void otherDataAreRefused() throws IOException {
        Path stopped = folder.resolve("stopped");
        stop(stopped, 9);
        Files.delete(folder.resolve("cold/train/blue/0.png"));
        assertThatThrownBy(() -> resume(stopped))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train cold")
                .hasMessageContaining("has changed");
    }

    @Test
    void settingsThatDecideTheResultsMayNotChangeButHowOftenItIsSavedMay() throws IOException {
        Path calm = runs.run("calm", "finetune", SHORT);
        Path stopped = folder.resolve("stopped");
        stop(stopped, 9);
        Path config = stopped.resolve("config.yaml");
        String text = Files.readString(config);
        assertThat(text).contains("steps: 3", "keep: 2");
        Files.writeString(config, text.replace("steps: 3", "steps: 4"));
        assertThatThrownBy(() -> resume(stopped))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config.yaml: has changed");
        Files.writeString(config, text.replace("keep: 2", "keep: 3"));
        resume(stopped);
        assertSameResults(stopped, calm);
    }

    @Test
    void anotherModelIsRefused() throws IOException {
        Path stopped = folder.resolve("stopped");
        stop(stopped, 9);
        Path weights = folder.resolve("model/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> resume(stopped))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("put the pretrained model back");
    }

    @Test
    void whatIsNoRunIsRefused() {
        assertThatThrownBy(() -> resume(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("not the folder of a run");
    }

    @Test
    void resumingLeavesNothingNativeBehind() {
        stop(folder.resolve("first"), 8);
        resume(folder.resolve("first"));
        long base = TensorScope.liveObjects();
        stop(folder.resolve("second"), 8);
        resume(folder.resolve("second"));
        assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
    }

    /** Asks a new run to stop at its n-th event; tells whether it did. */
    private boolean stop(Path output, int event, String... more) {
        var stop = new StopRequest();
        AtomicInteger count = new AtomicInteger();
        try {
            run(
                    output,
                    _ -> {
                        if (count.incrementAndGet() == event) {
                            stop.make();
                        }
                    },
                    stop,
                    more);
            return false;
        } catch (RunStoppedException e) {
            assertThat(e).hasMessageContaining("perennial resume " + output);
            return true;
        }
    }

    private void run(Path output, Consumer<RunEvent> listener) {
        run(output, listener, new StopRequest(), "checkpoint.every-steps=1");
    }

    private void run(Path output, Consumer<RunEvent> listener, StopRequest stop, String... more) {
        String[] settings = Stream.of(SHORT, more).flatMap(Stream::of).toArray(String[]::new);
        new AdaptRun(runs.config("finetune", settings), runs.models(), folder.resolve("cache"), listener, stop)
                .execute(output);
    }

    private void resume(Path run) {
        new AdaptRun(RunFolder.configuration(run), runs.models(), folder.resolve("cache"), runs.events::add)
                .resume(run);
    }

    private float[] embedding(Path run) {
        try (AdaptedModel model = AdaptedModel.open(run, runs.models());
                var _ = new TensorScope()) {
            return dev.perennial.clip.tensor.Tensors.toFloats(model.clip().embedTexts(List.of("red")));
        }
    }

    private static void assertSameResults(Path actual, Path expected) throws IOException {
        for (String file : List.of(
                "matrix.csv",
                "predictions.json",
                "alignment.csv",
                "checkpoints/001-end/method.safetensors",
                "checkpoints/002-end/method.safetensors")) {
            assertThat(Files.mismatch(actual.resolve(file), expected.resolve(file)))
                    .as("%s of %s", file, actual.getFileName())
                    .isEqualTo(-1);
        }
        RunSummary one = RunResults.read(actual).summary();
        RunSummary other = RunResults.read(expected).summary();
        assertThat(one.metrics()).isEqualTo(other.metrics());
        assertThat(one.perDataSet()).isEqualTo(other.perDataSet());
        assertThat(one.parameters()).isEqualTo(other.parameters());
    }
}
