package dev.perennial.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Lets every call of a commit go wrong in every way, and looks at what is left. */
class CheckpointFaultsTest {
    private static final Place FIRST = new Place(0, 1);
    private static final Place SECOND = new Place(0, 2);
    private static final int KEPT = 2;
    private static final Place ZEROTH = new Place(0, 0);
    private static final Place THIRD = Place.after(0);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whateverGoesWrongTheNewestCommittedCheckpointIsWhole(Fault fault) throws IOException {
        int calls = calls();
        assertThat(calls).isGreaterThan(20);
        for (int call = 1; call <= calls + 1; call++) {
            Path run = Files.createDirectory(folder.resolve(fault + " " + call));
            Path checkpoints = run.resolve("checkpoints");
            new CheckpointStore(checkpoints).commit(ZEROTH, content(0));
            new CheckpointStore(checkpoints).commit(FIRST, content(1));
            boolean committed = false;
            boolean complained = false;
            FaultyDisk disk = new FaultyDisk(call, fault);
            var store = new CheckpointStore(checkpoints, disk);
            try {
                store.commit(SECOND, content(2));
                committed = true;
                store.prune(KEPT, 1);
                disk.idle();
            } catch (UncheckedIOException e) {
                complained = true;
                assertThat(e).hasMessageContaining(checkpoints.toString());
            } catch (IOException e) {
                complained = true; // after the work
            } catch (FaultyDisk.Crash e) {
                complained = true;
            }
            String what = "%s at call %d".formatted(fault, call);
            if (!fault.isCrash()) {
                assertThat(committed || complained).as(what).isTrue();
            }
            if (fault == Fault.SILENT_FLIP) {
                requireNoticed(what, checkpoints);
            } else {
                requireWhole(what, checkpoints, committed);
            }
        }
    }

    /** A bit that nobody saw flipping is seen when the checkpoint is read; the one before is kept for that. */
    private static void requireNoticed(String what, Path checkpoints) {
        var store = new CheckpointStore(checkpoints);
        StoredCheckpoint newest = store.newest(_ -> true, (_, _) -> {}).orElseThrow();
        requireContent(what, newest, newest.place().step());
    }

    /** What a resumed run finds: the one or the other, never a mixture; it can sweep up and go on. */
    private static void requireWhole(String what, Path checkpoints, boolean committed) {
        var store = new CheckpointStore(checkpoints);
        StoredCheckpoint newest = store.newest(
                        _ -> true,
                        (path, damage) -> assertThat(path + damage).as(what).isEmpty())
                .orElseThrow();
        assertThat(newest.place()).as(what).isIn(FIRST, SECOND);
        if (committed) {
            assertThat(newest.place()).as(what).isEqualTo(SECOND);
        }
        requireContent(what, newest, newest.place().step());
        store.sweep();
        assertThat(store.unfinished()).as(what).isEmpty();
        store.commit(THIRD, content(3));
        requireContent(what, store.newest(_ -> true, (_, _) -> {}).orElseThrow(), 3);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whateverGoesWrongAFileIsTheOldOrTheNew(Fault fault) throws IOException {
        for (int call = 1; call <= 6; call++) {
            Path file = folder.resolve(fault + " " + call).resolve("config.yaml");
            DurableFile.write(file, bytes("old"));
            boolean written = false;
            try {
                DurableFile.write(
                        new FaultyDisk(call, fault),
                        file,
                        channel -> DurableFile.writeFully(channel, ByteBuffer.wrap(bytes("the new one"))));
                written = true;
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining(file + ": cannot be written");
            } catch (FaultyDisk.Crash e) {
                // What is left counts.
            }
            if (fault == Fault.SILENT_FLIP) {
                continue; // Only a hash can tell, and checkpoints have one.
            }
            assertThat(file).content().isIn(written ? List.of("the new one") : List.of("old", "the new one"));
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFileInNewFoldersSurvivesACrashOnceItIsWritten(Fault fault) throws IOException {
        for (int call = 1; call <= 12; call++) {
            Path file = folder.resolve(fault + " " + call).resolve("runs/shop/config.yaml");
            FaultyDisk disk = new FaultyDisk(call, fault);
            boolean written = false;
            try {
                DurableFile.write(
                        disk, file, channel -> DurableFile.writeFully(channel, ByteBuffer.wrap(bytes("all of it"))));
                written = true;
                disk.idle();
            } catch (UncheckedIOException | IOException | FaultyDisk.Crash e) {
                // What is left counts.
            }
            if (fault != Fault.SILENT_FLIP) {
                assertThat(Files.exists(file) ? Files.readString(file) : "nothing")
                        .as("%s at call %d", fault, call)
                        .isIn(written ? List.of("all of it") : List.of("nothing", "all of it"));
            }
        }
    }

    @Test
    void aFullDiskIsSaidToBeFull() {
        new CheckpointStore(folder).commit(FIRST, content(1));
        var store = new CheckpointStore(folder, new FaultyDisk(8, Fault.FULL));
        assertThatThrownBy(() -> store.commit(SECOND, content(2)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("001-0000002")
                .hasMessageContaining("No space left on device");
        assertThat(store.unfinished()).as("what was begun is cleaned up").isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        Path forbidden = Path.of("/proc/perennial");
        assertThatThrownBy(() -> new CheckpointStore(forbidden).commit(FIRST, content(1)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("/proc/perennial")
                .hasMessageContaining("cannot be written");
    }

    private int calls() throws IOException {
        FaultyDisk calm = new FaultyDisk(Integer.MAX_VALUE, Fault.ERROR);
        Path checkpoints = Files.createDirectory(folder.resolve("calm")).resolve("checkpoints");
        new CheckpointStore(checkpoints).commit(ZEROTH, content(0));
        new CheckpointStore(checkpoints).commit(FIRST, content(1));
        var store = new CheckpointStore(checkpoints, calm);
        store.commit(SECOND, content(2));
        store.prune(KEPT, 1);
        return calm.calls();
    }

    private static CheckpointStore.Content content(int version) {
        float[] weights = new float[100];
        Arrays.fill(weights, version);
        return new CheckpointStore.Content(
                Map.of(
                        "method", List.of(StoredTensor.ofFloats("w", new long[] {100}, weights)),
                        "optimizer", List.of(StoredTensor.ofLongs("n", new long[] {1}, new long[] {version}))),
                JsonNodeFactory.instance.objectNode().put("version", version));
    }

    private static void requireContent(String what, StoredCheckpoint checkpoint, int version) {
        assertThat(checkpoint.record().required("version").asInt()).as(what).isEqualTo(version);
        try (TensorFile method = checkpoint.tensors("method");
                TensorFile optimizer = checkpoint.tensors("optimizer")) {
            assertThat(method.tensor("w").toFloats()).as(what).hasSize(100).containsOnly(version);
            assertThat(optimizer.tensor("n").toLongs()).as(what).containsExactly(version);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
