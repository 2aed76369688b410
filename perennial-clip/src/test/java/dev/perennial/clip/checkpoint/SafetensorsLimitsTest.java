package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Headers that are well-formed and would cost more memory or time than any model is worth. */
@Timeout(120)
class SafetensorsLimitsTest {
    @TempDir
    Path folder;

    @Test
    void moreTensorsThanAnyModelHasAreRefused() throws IOException {
        refused(listed(100_001, i -> "\"t" + i + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"))
                .hasMessageContaining("more than 100000 tensors");
    }

    @Test
    void moreFieldsOfMetadataThanAnyFileHasAreRefused() throws IOException {
        refused("{\"__metadata__\":" + listed(10_001, i -> "\"" + i + "\":\"\"") + "}")
                .hasMessageContaining("__metadata__ has more than 10000 entries");
    }

    @Test
    void oneFieldOfMetadataMayNotFillTheHeader() throws IOException {
        refused("{\"__metadata__\":{\"x\":\"" + "y".repeat(90_000_000) + "\"}}")
                .hasMessageContaining("String value length")
                .hasMessageContaining("33554432");
    }

    @Test
    void manyLargeFieldsOfMetadataAreRefused() throws IOException {
        String large = "y".repeat(1_000_000);
        refused("{\"__metadata__\":" + listed(90, i -> "\"" + i + "\":\"" + large + "\"") + "}")
                .hasMessageContaining("or 33554432 characters");
    }

    @Test
    void whatCouldNotBeReadAgainIsNotWritten() {
        Path file = folder.resolve("large.safetensors");
        for (Map<String, String> metadata : List.of(
                Map.of("x", "y".repeat(40_000_000)),
                IntStream.range(0, 10_001).boxed().collect(Collectors.toMap(String::valueOf, _ -> "")))) {
            assertThatThrownBy(() -> Safetensors.write(file, List.of(), metadata))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("what is read again");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void aDimensionCannotBeAMegabyteOfDigits() throws IOException {
        refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + "9".repeat(1 << 20) + "],\"data_offsets\":[0,0]}}")
                .hasMessageContaining("JSON");
    }

    @Test
    void manyEmptyTensorsOfManyDimensionsAreRefused() throws IOException {
        String shape = "[0," + "999,".repeat(30) + "999]";
        refused(listed(90_000, i -> "\"" + i + "\":{\"dtype\":\"U8\",\"shape\":" + shape + ",\"data_offsets\":[0,0]}"))
                .hasMessageContaining("more than 16 dimensions");
    }

    @Test
    void aHeaderOfAHundredMegabytesOfNothingIsRead() throws IOException {
        Path file = folder.resolve("blank.safetensors");
        write(file, "{}" + " ".repeat((int) Safetensors.MAX_HEADER_BYTES - 2));
        try (TensorFile opened = Safetensors.read(file)) {
            assertThat(opened.tensors()).isEmpty();
        }
    }

    @Test
    void aNameOfAMegabyteIsRefusedInAShortMessage() throws IOException {
        refused("{\"" + "n".repeat(1 << 20) + "\":1}")
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(1_001));
        refused("{\"" + "n".repeat(40_000) + "\":1}")
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(1_001));
    }

    @Test
    void aNameCannotSteerTheTerminalThatShowsIt() throws IOException {
        refused("{\"\\u001b[2J\\nperennial: loaded\":1}")
                .hasMessageContaining("\\u001b[2J\\u000aperennial: loaded")
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("\u001b", "\n"));
    }

    @Test
    void terabytesThatAreAnnouncedAndNotThereCostNothing() throws IOException {
        Path file = folder.resolve("sparse.safetensors");
        write(file, "{\"a\":{\"dtype\":\"F64\",\"shape\":[1099511627776],\"data_offsets\":[0,8796093022208]}}");
        assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("holds 0 of 8796093022208 bytes");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 36);
        }
        assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("of 8796093022208 bytes");
        OpenFiles.assertNoneBelow(folder);
    }

    @Test
    void foldersPipesAndDevicesAreNotOpened() throws Exception {
        assertThatThrownBy(() -> Safetensors.read(folder))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(folder + ": cannot be read (it is a folder)");
        Path pipe = folder.resolve("model.safetensors");
        assumeTrue(Files.exists(Path.of("/dev/zero")), "this system has no devices");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> Safetensors.read(pipe)).hasMessageContaining("a pipe or a device");
        assertThatThrownBy(() -> WeightFiles.open(pipe)).hasMessageContaining("a pipe or a device");
        assertThatThrownBy(() -> WeightFiles.open(Path.of("/dev/zero"))).hasMessageContaining("a pipe or a device");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String header) throws IOException {
        Path file = folder.resolve("model.safetensors");
        write(file, header);
        var refusal = assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString());
        OpenFiles.assertNoneBelow(folder);
        return refusal;
    }

    private static String listed(int count, IntFunction<String> entry) {
        return IntStream.range(0, count).mapToObj(entry).collect(Collectors.joining(",", "{", "}"));
    }

    /** Writes the file in one piece, so that a large header is in memory once. */
    private static void write(Path file, String header) throws IOException {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + bytes.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(bytes.length)
                        .put(bytes)
                        .array());
    }
}
