package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.run.RunFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeCommandTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeModelAndData() {
        TinyFiles.model(folder.resolve("tiny"), 1);
        TinyFiles.dataset(folder.resolve("pets"));
    }

    @Test
    void aRunThatIsAskedToStopSavesItselfAndResumesToTheSameWeights() throws Exception {
        Path config = TinyFiles.config(folder, "");
        Path run = folder.resolve("run");
        Process process = start("adapt", config, "training.steps=400", "-o", run);
        try (BufferedReader out = process.inputReader()) {
            awaitSteps(out);
            process.toHandle().destroy(); // SIGTERM
            assertThat(out.lines().toList()).anyMatch(line -> line.contains("stopping after this step"));
        }
        assertThat(process.waitFor()).isEqualTo(75);
        Outcome check = Outcome.of("verify", run).assertDone();
        assertThat(check.out()).contains("ok       checkpoints/001-", "resumable from step ");
        Outcome.of("resume", run).assertDone();
        assertThat(Outcome.of("verify", run).assertDone().out()).contains("finished: all 1 experiences");

        Path calm = folder.resolve("calm");
        Outcome.of("adapt", config, "training.steps=400", "-o", calm).assertDone();
        for (String file : List.of("matrix.csv", "checkpoints/001-end/method.safetensors")) {
            assertThat(Files.mismatch(run.resolve(file), calm.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    @Test
    void aSecondSignalHaltsAtOnce() throws Exception {
        Path run = folder.resolve("run");
        // One step takes minutes, so the first signal cannot have ended the process.
        Process process = start(
                "adapt", TinyFiles.config(folder, ""), "training.steps=2", "training.accumulate=100000", "-o", run);
        try (BufferedReader out = process.inputReader()) {
            awaitSteps(out);
            process.toHandle().destroy();
            assertThat(out.lines().anyMatch(line -> line.contains("once more to stop at once")))
                    .isTrue();
            process.toHandle().destroy();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(process.exitValue()).isEqualTo(128 + 15);
    }

    @Test
    void aSecondWriterIsRefusedByName() {
        Path run = folder.resolve("run");
        Outcome.of("adapt", TinyFiles.config(folder, ""), "-o", run).assertDone();
        try (RunFolder held = RunFolder.open(run)) {
            Outcome.of("resume", held.path())
                    .assertFailed(
                            2,
                            "another process is writing this run",
                            "process " + ProcessHandle.current().pid());
            assertThat(Outcome.of("verify", run).out()).contains("is writing it");
        }
        Outcome.of("resume", run).assertDone();
    }

    @Test
    void verifyTellsWhatIsDamagedAndFails() throws IOException {
        Path run = folder.resolve("run");
        Outcome.of("adapt", TinyFiles.config(folder, ""), "-o", run).assertDone();
        Files.writeString(run.resolve("checkpoints/001-end/method.safetensors"), "nonsense");
        Files.writeString(run.resolve("matrix.csv"), "nonsense");
        Outcome check = Outcome.of("verify", run);
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out())
                .contains(
                        "DAMAGED  checkpoints/001-end: method.safetensors", "DAMAGED  results: ", "ok       run.json");
        TinyFiles.model(folder.resolve("tiny"), 2);
        assertThat(Outcome.of("verify", run).out()).contains("DAMAGED  pretrained model: ");
        Outcome.of("verify", folder).assertFailed(2, "not the folder of a run");
    }

    /** Waits until the training is under way: its folder then has a log of events with the zero-shot evaluation. */
    private static void awaitSteps(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("after zero-shot")) {
                return;
            }
        }
        throw new IllegalStateException("the run ended before its first step");
    }

    private static Process start(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Perennial.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
