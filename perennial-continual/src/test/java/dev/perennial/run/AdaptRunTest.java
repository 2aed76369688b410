package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.Pictures;
import dev.perennial.evaluate.PredictionSample;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdaptRunTest {
    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
    }

    @Test
    void aRunLeavesResultsThatAgreeWithEachOther() throws IOException {
        Path run = runs.run("run", "finetune");
        RunResults results = RunResults.read(run);
        ResultMatrix matrix = results.matrix();
        assertThat(matrix.experiences()).containsExactly("warm", "cold");
        assertThat(matrix.dataSets()).containsExactly("warm", "cold", "pale");
        assertThat(matrix.learnedAt(0)).hasValue(0);
        assertThat(matrix.learnedAt(2)).isEmpty();
        assertThat(Files.readAllLines(run.resolve("matrix.csv")))
                .hasSize(4)
                .first()
                .isEqualTo("after,warm,cold,pale");

        assertThat(results.summary().metrics()).isEqualTo(ContinualMetric.means(matrix));
        assertThat(results.summary().run()).isEqualTo("tiny");
        assertThat(results.summary().method()).isEqualTo("finetune");
        assertThat(results.summary().dataSets())
                .extracting(set -> set.samples())
                .containsExactly(8L, 8L, 6L);
        assertThat(results.summary().dataSets())
                .extracting(set -> set.classes())
                .containsExactly(2, 2, 2);
        assertThat(results.summary().parameters().total())
                .isGreaterThan(results.summary().parameters().trainable());
        assertThat(results.summary().provenance().seed()).isEqualTo(3);
        assertThat(results.summary().provenance().configSha256()).isEqualTo(Hashes.sha256(run.resolve("config.yaml")));
        assertThat(results.summary().model().sha256())
                .isEqualTo(Hashes.sha256(folder.resolve("model").resolve("model.safetensors")));
        assertThat(results.summary().perDataSet()).containsOnlyKeys("warm", "cold", "pale");
    }

    @Test
    void aClassIncrementUnderThePooledProtocolReportsTheIncrementalMetrics() {
        Pictures.write(folder.resolve("all"), 5, 4, "red", "yellow", "blue", "green");
        Path config = runs.write("groups.yaml", """
                method: finetune
                model: model
                training: {steps: 20, learning-rate: 3.0e-3, warm-up: 0, batch-size: 6}
                evaluation: {protocol: pooled, pictures: 0}
                stream:
                  name: groups
                  class-increment: {data: {path: all}, increment: 2}
                  order: random
                """);
        Path run = folder.resolve("groups");
        new AdaptRun(RunConfig.read(config, List.of()), runs.models(), folder.resolve("cache"), _ -> {}).execute(run);
        RunResults results = RunResults.read(run);
        ResultMatrix matrix = results.matrix();
        assertThat(results.summary().protocol()).isEqualTo(Protocol.POOLED);
        assertThat(matrix.experiences()).containsExactly("classes 1-2", "classes 3-4");
        double last = (matrix.score(1, 0).orElseThrow() + matrix.score(1, 1).orElseThrow()) / 2;
        assertThat(results.summary().metrics().get("incrementalLast")).isCloseTo(last, within(1e-9));
        assertThat(results.summary().metrics().get("incrementalAverage"))
                .isCloseTo((matrix.score(0, 0).orElseThrow() + last) / 2, within(1e-9));
        assertThat(results.summary().definitions()).extracting(d -> d.key()).contains("incrementalLast");
    }

    @Test
    void everyShownPictureHasAPredictionAfterEveryStep() {
        RunResults results = RunResults.read(runs.run("run", "frozen"));
        assertThat(results.samples()).hasSize(6);
        for (PredictionSample sample : results.samples()) {
            assertThat(sample.predictions())
                    .extracting(PredictionSample.Prediction::after)
                    .containsExactly("zero-shot", "warm", "cold");
        }
    }

    @Test
    void fineTuningLearnsItsTasksAndChangesTheMatrix() {
        ResultMatrix matrix = RunResults.read(runs.run("run", "finetune")).matrix();
        assertThat(matrix.score(0, 0)).hasValue(100);
        assertThat(matrix.score(1, 1)).hasValue(100);
        assertThat(rows(matrix))
                .anySatisfy(row -> assertThat(row).isNotEqualTo(rows(matrix).getFirst()));
    }

    @Test
    void theFrozenModelScoresTheSameAfterEveryExperience() {
        ResultMatrix matrix = RunResults.read(runs.run("run", "frozen")).matrix();
        assertThat(rows(matrix))
                .hasSize(3)
                .allMatch(row -> row.equals(rows(matrix).getFirst()));
    }

    @Test
    void theSameConfigurationGivesTheSameBytes() throws IOException {
        Path first = runs.run("first", "finetune", "evaluation.pictures=0");
        Path second = runs.run("second", "finetune", "evaluation.pictures=0", "evaluation.threads=1");
        for (String file : List.of(
                "matrix.csv", "checkpoints/001-end/method.safetensors", "checkpoints/002-end/method.safetensors")) {
            assertThat(Files.mismatch(first.resolve(file), second.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        Path other = runs.run("other", "finetune", "seed=4");
        assertThat(Files.mismatch(
                        first.resolve("checkpoints/002-end/method.safetensors"),
                        other.resolve("checkpoints/002-end/method.safetensors")))
                .isNotEqualTo(-1);
    }

    @Test
    void theWrittenConfigurationRepeatsTheRun() throws IOException {
        Path first = runs.run("first", "finetune", "training.steps=3");
        Path config = Files.copy(first.resolve("config.yaml"), folder.resolve("again.yaml"));
        RunConfig.Resolved again = RunConfig.read(config, List.of());
        assertThat(again.config())
                .isEqualTo(runs.config("finetune", "training.steps=3").config());
        Path second = folder.resolve("second");
        new AdaptRun(again, runs.models(), folder.resolve("cache"), _ -> {}).execute(second);
        assertThat(Files.mismatch(first.resolve("matrix.csv"), second.resolve("matrix.csv")))
                .isEqualTo(-1);
        assertThat(Files.mismatch(first.resolve("config.yaml"), second.resolve("config.yaml")))
                .isEqualTo(-1);
    }

    @Test
    void whatHappensIsToldInOrderAndLogged() throws IOException {
        Path run = runs.run("run", "finetune", "training.steps=2");
        assertThat(runs.events.getFirst()).isInstanceOf(RunEvent.Started.class);
        assertThat(runs.events.getLast()).isInstanceOf(RunEvent.Finished.class);
        assertThat(runs.events).filteredOn(RunEvent.Stepped.class::isInstance).hasSize(4);
        assertThat(runs.events).filteredOn(RunEvent.Evaluated.class::isInstance).hasSize(9);
        JsonMapper json = JsonMapper.builder().build();
        List<JsonNode> lines = Files.readAllLines(run.resolve("events.jsonl")).stream()
                .map(json::readTree)
                .toList();
        assertThat(lines).hasSameSizeAs(runs.events).allMatch(line -> line.has("time"));
        assertThat(lines.stream().map(line -> line.required("event").asString()))
                .startsWith("started", "evaluated", "evaluated", "evaluated", "judged", "learning", "step")
                .endsWith("finished");
    }

    @Test
    void aFolderThatHoldsARunIsRefusedAndLeftAsItIs() throws IOException {
        Path run = runs.run("run", "frozen");
        byte[] before = Files.readAllBytes(run.resolve("summary.json"));
        assertThatThrownBy(() -> runs.run("run", "finetune"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("holds a run already")
                .hasMessageContaining("--output");
        assertThat(run.resolve("summary.json")).hasBinaryContent(before);
        try (RunFolder held = RunFolder.create(folder.resolve("held"))) {
            assertThatThrownBy(() -> RunFolder.create(held.path()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("another process");
        }
        RunFolder.create(folder.resolve("held")).close();
    }

    @Test
    void whatCannotBeOpenedLeavesNoFolder() {
        assertThatThrownBy(() -> runs.run("run", "frozen", "model=modle"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no model 'modle'");
        assertThatThrownBy(() -> runs.run("run", "frozen", "stream.tasks=[{name: a, data: {path: gone}}]"))
                .hasMessageContaining("gone");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void whatCannotBeTrainedIsSaidBeforeAnythingIsJudged() {
        assertThatThrownBy(() -> runs.run("run", "frozen", "training.cooldown=2", "training.next-from=before-cooldown"))
                .hasMessageContaining("leave out training.next-from");
        assertThat(runs.events).noneMatch(RunEvent.Evaluated.class::isInstance);
    }

    @Test
    void unusableTestImagesAreListedAndCountedNowhere() throws IOException {
        Path broken = folder.resolve("pale/test/white/0.png");
        Files.write(broken, new byte[] {1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);
        Path run = runs.run("run", "frozen", "evaluation.max-bad-share=0.5");
        assertThat(run.resolve("bad-samples.txt")).content().contains("0.png");
        assertThat(RunResults.read(run).matrix().zeroShot(2).orElseThrow() * 5 / 100 % 1)
                .as("a fifth of the pictures left")
                .isCloseTo(0, within(1e-9));
    }

    @Test
    void aRunLeavesNothingNativeBehind() {
        runs.run("first", "finetune", "training.steps=2");
        long base = TensorScope.liveObjects();
        runs.run("second", "finetune", "training.steps=2");
        assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
    }

    private static List<List<Double>> rows(ResultMatrix matrix) {
        Stream<List<Double>> first = Stream.of(IntStream.range(0, 3)
                .mapToObj(set -> matrix.zeroShot(set).orElseThrow())
                .toList());
        Stream<List<Double>> rest = IntStream.range(0, 2)
                .mapToObj(experience -> IntStream.range(0, 3)
                        .mapToObj(set -> matrix.score(experience, set).orElseThrow())
                        .toList());
        return Stream.concat(first, rest).toList();
    }
}
