package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.checkpoint.Disk;
import dev.perennial.train.DivergenceException;
import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.Fault;
import dev.perennial.train.checkpoint.FaultyDisk;
import dev.perennial.train.checkpoint.Place;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose disk or numbers fail. */
class RunFaultsTest {
    private static final String[] SHORT = {"training.steps=2", "checkpoint.every-steps=1", "evaluation.pictures=0"};
    /** The calls of a commit are tried one by one elsewhere; here it is enough to come by each of them. */
    private static final int STRIDE = 11;

    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
    }

    @Test
    void aRunWhoseDiskFailsAnywhereStopsAndResumesToTheSameResults() throws Exception {
        Path calm = runs.run("calm", "finetune", SHORT);
        FaultyDisk counting = new FaultyDisk(Integer.MAX_VALUE, Fault.ERROR);
        run(folder.resolve("counted"), counting);
        Fault[] faults = Fault.values();
        for (int call = 1; call <= counting.calls(); call += STRIDE) {
            Fault fault = faults[call % faults.length];
            Path run = folder.resolve(fault + " " + call);
            try {
                run(run, new FaultyDisk(call, fault));
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining(run.resolve("checkpoints").toString());
            } catch (FaultyDisk.Crash e) {
                // The process is gone; what it left counts.
            }
            resume(run);
            for (String file : List.of("matrix.csv", "checkpoints/002-end/method.safetensors")) {
                assertThat(Files.mismatch(run.resolve(file), calm.resolve(file)))
                        .as("%s, %s at call %d", file, fault, call)
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void numbersThatAreNotFiniteStopTheRunWithNoneOfThemSaved() {
        Path run = folder.resolve("run");
        assertThatThrownBy(() -> run(run, Disk.SYSTEM, "training.learning-rate=1.0e+30", "training.steps=20"))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("of warm")
                .hasMessageContaining("learning rate");
        CheckpointStore checkpoints = RunFolder.checkpoints(run);
        for (Place place : checkpoints.places()) {
            assertThat(checkpoints.damage(place)).isEmpty();
            try (var tensors = checkpoints
                    .newest(place::equals, (_, _) -> {})
                    .orElseThrow()
                    .tensors("method")) {
                tensors.tensors().values().forEach(tensor -> {
                    for (float value : tensor.toFloats()) {
                        assertThat(value).as(tensor.name()).isFinite();
                    }
                });
            }
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        assertThatThrownBy(() -> run(Path.of("/proc/perennial-run"), Disk.SYSTEM))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("/proc/perennial-run")
                .hasMessageContaining("cannot be written");
    }

    @Test
    void aSecondWriterIsRefusedByNameAndTheFirstKeepsItsLock() {
        Path run = runs.run("run", "frozen");
        try (RunFolder held = RunFolder.open(run)) {
            String name = "process " + ProcessHandle.current().pid() + " on ";
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> RunFolder.open(held.path()))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("another process is writing this run")
                        .hasMessageContaining(name);
            }
        }
        RunFolder.open(run).close();
    }

    @Test
    void theNameOfAWriterThatIsGoneKeepsNobodyOut() throws Exception {
        Path run = runs.run("run", "frozen");
        Files.writeString(run.resolve(".writer"), "process 1 on elsewhere since 2020-01-01T00:00:00Z\n");
        RunFolder.open(run).close();
        Files.writeString(run.resolve(".writer"), "no name at all");
        RunFolder.open(run).close();
        assertThat(Set.of(run.toFile().list())).doesNotContain(".writer");
    }

    private void run(Path output, Disk disk, String... more) {
        String[] settings = Stream.of(SHORT, more).flatMap(Stream::of).toArray(String[]::new);
        new AdaptRun(
                        runs.config("finetune", settings),
                        runs.models(),
                        folder.resolve("cache"),
                        runs.events::add,
                        new StopRequest(),
                        disk)
                .execute(output);
    }

    private void resume(Path run) {
        new AdaptRun(RunFolder.configuration(run), runs.models(), folder.resolve("cache"), runs.events::add)
                .resume(run);
    }
}
