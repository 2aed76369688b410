package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills runs at random moments, as a power cut would, and compares what they come to with the calm run. {@code -Dperennial.kills=300}
 * kills more often.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("perennial.kills", 20);
    private static final int METHODS = 3;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"finetune, 0", "replay, 1", "wise-ft, 2"})
    void aRunThatIsKilledAgainAndAgainComesToTheSameResults(String method, int index) throws Exception {
        int kills = (KILLS + index) / METHODS;
        TinyRuns runs = TinyRuns.in(folder);
        Path calm = runs.run("calm", method, "checkpoint.every-steps=1");
        Path config = Files.copy(calm.resolve(RunFolder.CONFIG), folder.resolve("killed.yaml"));
        Random random = new Random(index);
        int done = 0;
        for (int run = 0; done < kills; run++) {
            Path killed = folder.resolve("killed " + run);
            boolean over = false;
            while (!over) {
                Process process = start(config, killed);
                if (done < kills && killed(process, random)) {
                    done++;
                    requireWhole(killed);
                } else {
                    assertThat(process.waitFor()).as("exit code").isZero();
                    over = true;
                }
            }
            requireSame(killed, calm);
        }
    }

    /** Kills the process at a random moment: mostly while it learns, now and then while it starts; tells whether it was in time. */
    private static boolean killed(Process process, Random random) throws Exception {
        if (random.nextInt(5) > 0) {
            try (BufferedReader out = process.inputReader()) {
                out.readLine();
            }
        }
        if (process.waitFor(random.nextInt(500), TimeUnit.MILLISECONDS)) {
            return false;
        }
        process.destroyForcibly().waitFor();
        return process.exitValue() != 0;
    }

    /** Whatever the moment, all that readers see is whole. */
    private static void requireWhole(Path run) {
        CheckpointStore checkpoints = RunFolder.checkpoints(run);
        for (Place place : checkpoints.places()) {
            assertThat(checkpoints.damage(place)).as("%s", place).isEmpty();
        }
    }

    private Process start(Path config, Path run) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunProcess.class.getName(),
                        config.toString(),
                        run.toString(),
                        folder.resolve("cache").toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors.txt").toFile()))
                .start();
    }

    private static void requireSame(Path actual, Path expected) throws IOException {
        for (String file : List.of(
                "matrix.csv",
                "predictions.json",
                "checkpoints/001-end/method.safetensors",
                "checkpoints/002-end/method.safetensors")) {
            assertThat(Files.mismatch(actual.resolve(file), expected.resolve(file)))
                    .as("%s of %s", file, actual.getFileName())
                    .isEqualTo(-1);
        }
    }
}
