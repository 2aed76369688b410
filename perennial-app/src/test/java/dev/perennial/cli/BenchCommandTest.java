package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.bench.Suite;
import dev.perennial.evaluate.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    private static final String SUITE = """
            name: tiny
            seeds: [1]
            methods:
              - {name: frozen}
              - {name: finetune}
              - {name: diverging, method: finetune, settings: {training: {learning-rate: 1.0e+30}}}
            run:
              model: tiny
              training: {steps: 2, batch-size: 4, warm-up: 0, learning-rate: 0.001, threads: 1}
              evaluation: {pictures: 0}
              stream: {name: pets, tasks: [{name: pets, data: {path: pets}}]}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void makeModelAndData() throws IOException {
        TinyFiles.model(folder.resolve("tiny"), 1);
        TinyFiles.dataset(folder.resolve("pets"));
        Files.writeString(folder.resolve("suite.yaml"), SUITE);
    }

    @Test
    void runsAreProcessesOfTheirOwnAndAFailedOneDoesNotStopTheRest() throws IOException {
        Path output = folder.resolve("bench");
        Outcome first = Outcome.of("bench", folder.resolve("suite.yaml"), "--output", output);
        assertThat(first.code()).isEqualTo(1);
        assertThat(first.out()).contains("frozen-s1: Average", "diverging-s1 failed", "protocol task-aware");
        List<Path> runs = complete(output);
        assertThat(runs).hasSize(2);
        assertThat(runs)
                .allSatisfy(
                        run -> assertThat(RunResults.read(run).summary().costs().peakMemoryBytes())
                                .isPositive());
        assertThat(output.resolve("table.csv")).content().contains("frozen", "finetune");
        assertThat(output.resolve("report.html")).isRegularFile();

        Outcome again =
                Outcome.of("bench", folder.resolve("suite.yaml"), "--output", output, "--methods", "frozen,finetune");
        again.assertDone();
        assertThat(again.out()).contains("frozen-s1: done before", "finetune-s1: done before");
    }

    @Test
    void aDryRunSaysWhatIsToDo() {
        Outcome outcome =
                Outcome.of("bench", folder.resolve("suite.yaml"), "--output", folder.resolve("dry"), "--dry-run");
        outcome.assertDone();
        assertThat(outcome.out()).contains("finetune-s1 is still to do");
        assertThat(folder.resolve("dry/table.md")).content().contains("finetune-s1 is still to do");
    }

    @Test
    void aSuiteWithoutItsDataIsSkippedWithTheReason() {
        Outcome.of("bench", folder.resolve("suite.yaml"), "--data", folder.resolve("elsewhere"), "model=tiny")
                .assertFailed(2, "elsewhere");
        Outcome.of(
                        "bench",
                        folder.resolve("suite.yaml"),
                        "stream.tasks=[{name: a, data: {path: nowhere}}]",
                        "--output",
                        folder.resolve("out"))
                .assertFailed(2, "suite tiny is skipped", "nowhere", "--data");
        Outcome.of("bench", "no-such-suite").assertFailed(2, "no-such-suite", "mtil-micro");
    }

    @Test
    void theSuitesOfThisProjectAreWellFormed() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "configs", "suites"))) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Suite.read(file).methods()).isNotEmpty());
        }
    }

    private static List<Path> complete(Path output) throws IOException {
        try (Stream<Path> runs = Files.list(output.resolve("runs"))) {
            return runs.filter(run -> Files.exists(run.resolve("summary.json"))
                            && !RunResults.read(run).summary().run().startsWith("diverging"))
                    .toList();
        }
    }
}
