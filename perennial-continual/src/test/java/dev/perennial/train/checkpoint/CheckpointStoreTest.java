package dev.perennial.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.train.DivergenceException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class CheckpointStoreTest {
    private static final Place PLACE = new Place(2, 700);

    @TempDir
    Path folder;

    @Test
    void oneFlippedBitInAny97thByteIsSeen() throws IOException {
        CheckpointStore store = filled();
        for (Path file : files(store)) {
            byte[] whole = Files.readAllBytes(file);
            for (int at = 0; at < whole.length; at += 97) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << at % 8);
                Files.write(file, damaged);
                assertThat(store.damage(PLACE)).as("%s, byte %d", file, at).isPresent();
            }
            Files.write(file, whole);
        }
        assertThat(store.damage(PLACE)).isEmpty();
    }

    @Test
    void everyBitOfTheManifestCounts() throws IOException {
        CheckpointStore store = filled();
        Path manifest = folder.resolve(PLACE.folder()).resolve("manifest.sha256");
        byte[] whole = Files.readAllBytes(manifest);
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(manifest, damaged);
            assertThat(store.damage(PLACE)).as("bit %d", bit).isPresent();
        }
    }

    @Test
    void truncationAtEveryPercentIsSeen() throws IOException {
        CheckpointStore store = filled();
        for (Path file : files(store)) {
            byte[] whole = Files.readAllBytes(file);
            for (int percent = 0; percent < 100; percent++) {
                Files.write(file, Arrays.copyOf(whole, whole.length * percent / 100));
                assertThat(store.damage(PLACE)).as("%s at %d %%", file, percent).isPresent();
            }
            Files.write(file, whole);
        }
        assertThat(store.damage(PLACE)).isEmpty();
    }

    @Test
    void missingAndAddedFilesAreSeen() throws IOException {
        CheckpointStore store = filled();
        for (Path file : files(store)) {
            byte[] whole = Files.readAllBytes(file);
            Files.delete(file);
            assertThat(store.damage(PLACE)).as("without %s", file).isPresent();
            Files.write(file, whole);
        }
        Files.writeString(folder.resolve(PLACE.folder()).resolve("another"), "");
        assertThat(store.damage(PLACE)).isPresent();
    }

    @Test
    void aDamagedCheckpointIsNamedAndTheOneBeforeItIsTaken() throws IOException {
        CheckpointStore store = filled();
        store.commit(new Place(2, 800), content(9));
        Files.writeString(folder.resolve("003-0000800").resolve("state.json"), "{}");
        assertThat(store.newest(_ -> true, (path, damage) -> {
                            assertThat(path).isEqualTo(folder.resolve("003-0000800"));
                            assertThat(damage).contains("state.json");
                        })
                        .map(StoredCheckpoint::place))
                .contains(PLACE);
        store.discardAfter(PLACE);
        assertThat(store.places()).containsExactly(PLACE);
    }

    @ParameterizedTest
    @EnumSource(StoredType.class)
    void everyTypeComesBackBitForBit(StoredType type) {
        byte[] bits = new byte[16 * type.bytes()];
        new Random(type.bytes()).nextBytes(bits);
        for (int i = 0; i < bits.length; i++) {
            // No exponent of all ones: those are refused.
            bits[i] &= (byte) (type.isFloating() ? 0x3f : type == StoredType.BOOL ? 1 : 0xff);
        }
        var store = new CheckpointStore(folder);
        var tensor = new StoredTensor("t", type, new long[] {4, 4}, MemorySegment.ofArray(bits));
        store.commit(
                PLACE,
                new CheckpointStore.Content(Map.of("method", List.of(tensor)), JsonNodeFactory.instance.objectNode()));
        try (TensorFile file = new StoredCheckpoint(PLACE, folder.resolve(PLACE.folder())).tensors("method")) {
            assertThat(file.tensor("t").type()).isEqualTo(type);
            assertThat(file.tensor("t").shape()).containsExactly(4, 4);
            assertThat(file.tensor("t").data().mismatch(MemorySegment.ofArray(bits)))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aNumberThatIsNotFiniteIsNeverCommitted(float number) {
        CheckpointStore store = filled();
        float[] weights = new float[1000];
        weights[617] = number;
        for (StoredType type : List.of(StoredType.F64, StoredType.F32, StoredType.F16, StoredType.BF16)) {
            StoredTensor broken = StoredTensor.ofFloats("visual.proj", new long[] {1000}, weights)
                    .as(type);
            var content = new CheckpointStore.Content(
                    Map.of("method", List.of(broken)), JsonNodeFactory.instance.objectNode());
            assertThatThrownBy(() -> store.commit(Place.after(2), content))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("visual.proj")
                    .hasMessageContaining("learning rate");
        }
        assertThat(store.places()).containsExactly(PLACE);
    }

    @Test
    void asManyAsAskedForAreKept() {
        var store = new CheckpointStore(folder);
        for (int experience = 0; experience < 3; experience++) {
            for (int step = 10; step <= 30; step += 10) {
                store.commit(new Place(experience, step), content(1));
            }
            store.commit(Place.after(experience), content(1));
        }
        store.prune(2, Integer.MAX_VALUE);
        assertThat(store.places())
                .containsExactly(Place.after(0), Place.after(1), new Place(2, 20), new Place(2, 30), Place.after(2));
        store.prune(0, 1);
        assertThat(store.places()).containsExactly(Place.after(2));
    }

    @Test
    void placesComeInTheOrderOfTheRun() {
        assertThat(Stream.of(
                                Place.after(9),
                                new Place(9, 5),
                                new Place(1234, 1),
                                new Place(9, 12_345_678),
                                Place.after(0))
                        .sorted())
                .containsExactly(
                        Place.after(0), new Place(9, 5), new Place(9, 12_345_678), Place.after(9), new Place(1234, 1));
        for (Place place : List.of(new Place(0, 1), new Place(1233, 2_000_000_000), Place.after(77))) {
            assertThat(Place.of(place.folder())).contains(place);
        }
        assertThat(Place.of("001-0000001.old")).isEmpty();
        assertThat(Place.of("000-end")).isEmpty();
    }

    @Test
    void aCheckpointIsDueAfterStepsOrMinutes() {
        AtomicLong clock = new AtomicLong();
        Cadence cadence = new Cadence(new CheckpointConfig(Optional.of(3), 10, 2, Optional.empty()), clock::get);
        assertThat(Stream.generate(cadence::step).limit(3)).containsExactly(false, false, true);
        cadence.saved();
        clock.set(599_999_999_999L);
        assertThat(cadence.step()).isFalse();
        clock.set(600_000_000_000L);
        assertThat(cadence.step()).isTrue();
        cadence.saved();
        assertThat(cadence.step()).isFalse();
    }

    private CheckpointStore filled() {
        var store = new CheckpointStore(folder);
        store.commit(PLACE, content(7));
        return store;
    }

    private List<Path> files(CheckpointStore store) throws IOException {
        assertThat(store.damage(PLACE)).isEmpty();
        try (Stream<Path> files = Files.list(folder.resolve(PLACE.folder()))) {
            return files.toList();
        }
    }

    private static CheckpointStore.Content content(long seed) {
        var random = new Random(seed);
        float[] weights = new float[5000];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat();
        }
        StoredTensor tensor = StoredTensor.ofFloats("w", new long[] {50, 100}, weights);
        var record = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < 50; i++) {
            record.put("key " + i, random.nextLong());
        }
        return new CheckpointStore.Content(
                Map.of("method", List.of(tensor), "optimizer", List.of(tensor.named("w.mean"))), record);
    }
}
