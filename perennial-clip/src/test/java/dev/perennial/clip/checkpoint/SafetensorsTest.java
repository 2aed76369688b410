package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    private static @Nullable Path propertyFile;

    @BeforeContainer
    static void createPropertyFile() throws IOException {
        propertyFile = Files.createTempFile("roundtrip", ".safetensors");
    }

    @AfterContainer
    static void deletePropertyFile() throws IOException {
        if (propertyFile != null) {
            Files.delete(propertyFile);
        }
    }

    @Test
    void equalContentGivesEqualBytesWhateverTheOrder(@TempDir Path folder) throws IOException {
        var a = StoredTensor.ofFloats("a", new long[] {2, 2}, new float[] {1, 2, 3, 4});
        var b = StoredTensor.ofLongs("b", new long[] {3}, new long[] {7, 8, 9});
        Safetensors.write(folder.resolve("1"), List.of(a, b), Map.of("x", "1", "y", "2"));
        Safetensors.write(folder.resolve("2"), List.of(b, a), Map.of("y", "2", "x", "1"));
        assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
    }

    @Test
    void dataStartsAtAMultipleOfEightBytes(@TempDir Path folder) throws IOException {
        for (String name : List.of("a", "ab", "abc", "abcd")) {
            Path file = folder.resolve(name);
            Safetensors.write(file, List.of(StoredTensor.ofFloats(name, new long[0], new float[] {1})), Map.of());
            assertThat((Files.size(file) - 4) % 8).isZero();
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, List.of(StoredTensor.ofFloats("a", new long[] {1}, new float[] {5})), Map.of());
        byte[] before = Files.readAllBytes(file);
        TensorFile gone = Safetensors.read(file);
        StoredTensor unmapped = gone.tensor("a");
        gone.close();
        assertThatThrownBy(() -> Safetensors.write(file, List.of(unmapped), Map.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void twoTensorsOfOneNameAreNotWritten(@TempDir Path folder) {
        var a = StoredTensor.ofFloats("a", new long[] {1}, new float[] {5});
        assertThatThrownBy(() -> Safetensors.write(folder.resolve("m"), List.of(a, a), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void filesBeyondTwoGibibytesAreRead(@TempDir Path folder) throws IOException {
        long elements = (1L << 31) + 5;
        byte[] header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                .formatted(elements, elements)
                .getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("large.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.writeLong(Long.reverseBytes(header.length));
            sparse.write(header);
            sparse.seek(8 + header.length + elements - 1);
            sparse.write(42);
        }
        try (TensorFile opened = Safetensors.read(file)) {
            assertThat(opened.tensor("a").elements()).isEqualTo(elements);
            assertThat(opened.tensor("a").rows(elements - 2, elements).toLongs())
                    .containsExactly(0, 42);
            assertThatThrownBy(() -> opened.tensor("a").toLongs()).hasMessageContaining("read it in rows");
        }
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> Safetensors.read(folder.resolve("nowhere.safetensors")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere.safetensors");
    }

    @Test
    void aMissingTensorIsNamedWithItsFile(@TempDir Path folder) {
        Path file = folder.resolve("m.safetensors");
        Safetensors.write(file, List.of(), Map.of("only", "metadata"));
        try (TensorFile opened = Safetensors.read(file)) {
            assertThat(opened.metadata()).containsEntry("only", "metadata");
            assertThatThrownBy(() -> opened.tensor("logit_scale"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("m.safetensors")
                    .hasMessageContaining("logit_scale");
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsReadBack(@ForAll("tensors") List<StoredTensor> tensors, @ForAll Map<String, String> metadata) {
        Path file = Objects.requireNonNull(propertyFile);
        Map<String, String> encodable = new HashMap<>();
        metadata.forEach((key, value) -> encodable.put(wellFormed(key), wellFormed(value)));
        Safetensors.write(file, tensors, encodable);
        try (TensorFile read = Safetensors.read(file)) {
            assertThat(read.metadata()).isEqualTo(encodable);
            assertThat(read.tensors()).hasSize(tensors.size());
            for (StoredTensor tensor : tensors) {
                StoredTensor again = read.tensor(tensor.name());
                assertThat(again.type()).isEqualTo(tensor.type());
                assertThat(again.shape()).isEqualTo(tensor.shape());
                assertThat(again.data().toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(tensor.data().toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Provide
    Arbitrary<List<StoredTensor>> tensors() {
        Arbitrary<long[]> shapes =
                Arbitraries.longs().between(0, 5).array(long[].class).ofMaxSize(4);
        Arbitrary<StoredTensor> tensor = Combinators.combine(
                        Arbitraries.strings().ofMinLength(1).ofMaxLength(12).map(SafetensorsTest::wellFormed),
                        Arbitraries.of(StoredType.class),
                        shapes,
                        Arbitraries.integers())
                .as((name, type, shape, seed) -> {
                    long elements = Shapes.elements(name, shape);
                    var data = Elements.allocate(elements * type.bytes());
                    var random = new Random(seed);
                    for (long i = 0; i < data.byteSize(); i++) {
                        data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
                    }
                    return new StoredTensor(name, type, shape, data);
                });
        return tensor.list().ofMaxSize(8).uniqueElements(StoredTensor::name);
    }

    /** Lone surrogates have no UTF-8 form. */
    private static String wellFormed(String text) {
        return text.replaceAll("\\p{Cs}", "?");
    }
}
