package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.data.Pictures;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.stream.Streams;
import dev.perennial.train.checkpoint.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineRunTest {
    private static final String CONFIG = """
            model: model
            seed: 5
            training: {epochs: 2, learning-rate: 1.0e-3, warm-up: 0, cooldown: 0, batch-size: 4, threads: 2}
            evaluation: {protocol: pooled, batch-size: 3, pictures: 1}
            checkpoint: {every-steps: 2}
            stream:
              name: colours
              online: {data: {path: colours}, sessions: 2, blurry: 40, varied: false}
              control:
                - {name: pale, data: {path: pale}}
            """;

    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
        Pictures.write(folder.resolve("colours"), 3, 1, "red", "yellow", "green", "blue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"frozen", "replay", "sit"})
    void stoppingAtAnyEventAndResumingGivesTheSameResults(String method) throws IOException {
        Path calm = folder.resolve("calm");
        run(calm, method, new StopRequest(), runs.events::add);
        int events = runs.events.size();
        for (int i = 1; i < events; i++) {
            Path stopped = folder.resolve("stopped " + i);
            stop(stopped, method, i);
            resume(stopped);
            assertSameResults(stopped, calm);
        }
    }

    @Test
    void everySampleIsLearnedAsOftenAsThereAreEpochsInBatchesThatEndWithTheirSession() {
        Path run = folder.resolve("run");
        run(run, "finetune", new StopRequest(), runs.events::add);
        List<Integer> seen = runs.events.stream()
                .filter(RunEvent.Stepped.class::isInstance)
                .map(event -> (int) ((RunEvent.Stepped) event).report().samples())
                .toList();
        int[] learning = runs.events.stream()
                .filter(RunEvent.Learning.class::isInstance)
                .mapToInt(event -> ((RunEvent.Learning) event).samples())
                .toArray();
        assertThat(IntStream.of(learning).sum()).isEqualTo(12);
        assertThat(seen.getLast()).isEqualTo(2 * 12);
        assertThat(seen)
                .hasSize(IntStream.of(learning)
                        .map(size -> 2 * Math.ceilDiv(size, 4))
                        .sum())
                .contains(2 * learning[0]);
        assertThat(RunFolder.checkpoints(run).places()).containsExactly(Place.after(0), Place.after(1));
    }

    @Test
    void theAccuracyOverTheClassesSeenSoFarIsAMetric() {
        Path run = folder.resolve("run");
        run(run, "finetune", new StopRequest(), _ -> {});
        RunSummary summary = RunResults.read(run).summary();
        assertThat(summary.metrics()).containsKeys("incrementalAverage", "incrementalLast");
        assertThat(summary.dataSetNames()).contains("pale");
    }

    @Test
    void aSessionWithoutANewClassIsLearnedAndHasNoSetOfItsOwn() {
        Path file = runs.write("some.yaml", "method: finetune\n" + CONFIG);
        for (int seed = 1; ; seed++) {
            RunConfig.Resolved config = RunConfig.read(
                    file,
                    List.of(
                            "stream.online.sessions=3",
                            "stream.online.disjoint=0",
                            "stream.online.blurry=60",
                            "stream.online.varied=true",
                            "stream.order-seed=" + seed));
            int sessions;
            int sets;
            try (ExperienceStream stream =
                    new Streams(folder, folder.resolve("cache")).open(config.config().stream())) {
                sessions = stream.experiences().size();
                sets = stream.evaluationSets().size() - 1;
            }
            if (sets < sessions) {
                Path run = folder.resolve("run");
                new AdaptRun(config, runs.models(), folder.resolve("cache"), _ -> {}).execute(run);
                RunResults results = RunResults.read(run);
                assertThat(results.matrix().experiences()).hasSize(sessions);
                assertThat(results.matrix().lastMeasured()).hasValue(sessions - 1);
                assertThat(results.summary().metrics()).containsKey("incrementalLast");
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"coleclip", "rail", "lwf", "ewc", "icarl", "moe-adapters", "joint"})
    void aMethodThatMustKnowOrSeeWhatIsStillToComeSaysSo(String method) {
        assertThatThrownBy(() -> run(folder.resolve("run"), method, new StopRequest(), _ -> {}))
                .message()
                .containsAnyOf("only as they come", "come once", "as they do");
    }

    @Test
    void aLengthInStepsIsRefused() {
        Path file = runs.write("steps.yaml", "method: finetune\n" + CONFIG.replace("epochs: 2", "steps: 7"));
        assertThatThrownBy(() -> RunConfig.read(file, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("training.epochs");
    }

    private void stop(Path output, String method, int event) {
        var stop = new StopRequest();
        var count = new AtomicInteger();
        try {
            run(output, method, stop, _ -> {
                if (count.incrementAndGet() == event) {
                    stop.make();
                }
            });
        } catch (RunStoppedException e) {
            assertThat(e).hasMessageContaining("perennial resume " + output);
        }
    }

    private void run(Path output, String method, StopRequest stop, Consumer<RunEvent> listener) {
        String options = method.equals("replay") ? "{memory: 6, batch-size: 3}" : "{}";
        Path file = runs.write(method + ".yaml", "method: " + method + "\noptions: " + options + "\n" + CONFIG);
        new AdaptRun(RunConfig.read(file, List.of()), runs.models(), folder.resolve("cache"), listener, stop)
                .execute(output);
    }

    private void resume(Path run) {
        new AdaptRun(RunFolder.configuration(run), runs.models(), folder.resolve("cache"), _ -> {}).resume(run);
    }

    private static void assertSameResults(Path actual, Path expected) throws IOException {
        for (String file : List.of(
                "matrix.csv",
                "predictions.json",
                "alignment.csv",
                "checkpoints/001-end/method.safetensors",
                "checkpoints/001-end/optimizer.safetensors",
                "checkpoints/002-end/method.safetensors")) {
            assertThat(Files.mismatch(actual.resolve(file), expected.resolve(file)))
                    .as("%s of %s", file, actual.getFileName())
                    .isEqualTo(-1);
        }
        RunSummary one = RunResults.read(actual).summary();
        RunSummary other = RunResults.read(expected).summary();
        assertThat(one.metrics()).isEqualTo(other.metrics());
        assertThat(one.parameters()).isEqualTo(other.parameters());
    }
}
