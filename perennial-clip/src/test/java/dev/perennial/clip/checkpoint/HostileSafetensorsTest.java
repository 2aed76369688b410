package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.perennial.clip.guard.OpenFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileSafetensorsTest {
    @TempDir
    Path folder;

    static Stream<Arguments> files() {
        return Stream.of(
                arguments("empty file", new byte[0], "too short"),
                arguments("shorter than its length field", new byte[] {1, 2, 3}, "too short"),
                arguments("length 0", raw(0, ""), "claims a header"),
                arguments("length 1", raw(1, "{"), "claims a header"),
                arguments("length 2^63 - 1", raw(Long.MAX_VALUE, "{}"), "claims a header"),
                arguments("length 2^63", raw(Long.MIN_VALUE, "{}"), "claims a header of 9223372036854775808"),
                arguments("length -1", raw(-1, "{}"), "claims a header"),
                arguments("length 100 MB and one byte", raw(100_000_001, "{}"), "claims a header of 100000001"),
                arguments("length beyond the file", raw(3, "{}"), "truncated"),
                arguments("nothing after the length", raw(2, ""), "truncated"),
                arguments(
                        "a ZIP file",
                        "PK\3\4aaaaaaaaaaaaaaaa".getBytes(StandardCharsets.ISO_8859_1),
                        "not a safetensors"),
                arguments("header starts with a blank", file(" {}", 0), "does not start"),
                arguments("header is a list", file("[]", 0), "does not start"),
                arguments("header is cut JSON", file("{\"a\":{\"dtype\":\"F32\"", 0), "not valid JSON"),
                arguments("header is not JSON", file("{abc}", 0), "not valid JSON"),
                arguments("something after the object", file("{} {}", 0), "follows the closing brace"),
                arguments("garbage after the object", file("{}abc", 0), "not valid JSON"),
                arguments("a zero byte after the object", file("{}\0", 0), "not valid JSON"),
                arguments("a tensor that is a number", file("{\"a\":1}", 0), "not an object"),
                arguments("a tensor that is null", file("{\"a\":null}", 0), "not an object"),
                arguments("a tensor that is a list", file("{\"a\":[]}", 0), "not an object"),
                arguments("no dtype", file("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4), "lacks"),
                arguments("no shape", file("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4), "lacks"),
                arguments("no offsets", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4), "lacks"),
                arguments("unknown dtype", file(tensor("F8_E9", "[4]", "[0,4]"), 4), "F8_E9"),
                arguments(
                        "dtype is a number",
                        file("{\"a\":{\"dtype\":1,\"shape\":[],\"data_offsets\":[0,4]}}", 4),
                        "dtype"),
                arguments(
                        "unknown key",
                        file("{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],\"x\":1}}", 1),
                        "unknown key 'x'"),
                arguments(
                        "duplicate key in a tensor",
                        file("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[1]}}", 1),
                        "two 'dtype'"),
                arguments(
                        "duplicate tensor",
                        file("{" + inner("a", "U8", "[1]", "[0,1]") + "," + inner("a", "U8", "[1]", "[1,2]") + "}", 2),
                        "two tensors"),
                arguments(
                        "duplicate tensor by escape",
                        file(
                                "{" + inner("a", "U8", "[1]", "[0,1]") + "," + inner("\\u0061", "U8", "[1]", "[1,2]")
                                        + "}",
                                2),
                        "two tensors"),
                arguments("negative dimension", file(tensor("F32", "[-1]", "[0,4]"), 4), "negative"),
                arguments("two negative dimensions", file(tensor("F32", "[-1,-1]", "[0,4]"), 4), "negative"),
                arguments("fractional dimension", file(tensor("F32", "[1.0]", "[0,4]"), 4), "no integer"),
                arguments("dimension in exponent form", file(tensor("F32", "[1e0]", "[0,4]"), 4), "no integer"),
                arguments("dimension as text", file(tensor("F32", "[\"1\"]", "[0,4]"), 4), "no integer"),
                arguments(
                        "dimension beyond 64 bits", file(tensor("F32", "[18446744073709551617]", "[0,4]"), 4), "JSON"),
                arguments(
                        "shape product overflows",
                        file(tensor("F32", "[4294967296,4294967296]", "[0,0]"), 0),
                        "overflows"),
                arguments(
                        "shape product wraps to one",
                        file(tensor("U8", "[3,6148914691236517206,2]", "[0,1]"), 1),
                        "overflows"),
                arguments(
                        "byte count overflows",
                        file(tensor("F64", "[2305843009213693952]", "[0,0]"), 0),
                        "0 bytes for shape"),
                arguments(
                        "hundred dimensions",
                        file(tensor("U8", "[" + "1,".repeat(99) + "1]", "[0,1]"), 1),
                        "dimensions"),
                arguments("shape too small for its bytes", file(tensor("F32", "[1]", "[0,8]"), 8), "8 bytes for shape"),
                arguments("shape too large for its bytes", file(tensor("F32", "[2]", "[0,4]"), 4), "4 bytes for shape"),
                arguments("offsets reversed", file(tensor("F32", "[1]", "[4,0]"), 4), "data_offsets"),
                arguments("one offset", file(tensor("F32", "[1]", "[4]"), 4), "data_offsets"),
                arguments("three offsets", file(tensor("F32", "[1]", "[0,4,8]"), 4), "data_offsets"),
                arguments("negative offset", file(tensor("F32", "[1]", "[-4,0]"), 4), "negative"),
                arguments("offsets that are no list", file(tensor("F32", "[1]", "4"), 4), "no list"),
                arguments("offsets beyond the file", file(tensor("F32", "[1]", "[0,4]"), 3), "3 of 4 bytes"),
                arguments(
                        "offsets near 2^63",
                        file(tensor("U8", "[1]", "[9223372036854775806,9223372036854775807]"), 3),
                        "hole"),
                arguments("hole at the start", file(tensor("F32", "[1]", "[4,8]"), 8), "hole"),
                arguments(
                        "hole in the middle",
                        file("{" + inner("a", "U8", "[1]", "[0,1]") + "," + inner("b", "U8", "[1]", "[2,3]") + "}", 3),
                        "hole"),
                arguments(
                        "overlap",
                        file("{" + inner("a", "U8", "[2]", "[0,2]") + "," + inner("b", "U8", "[2]", "[1,3]") + "}", 3),
                        "overlaps"),
                arguments(
                        "the same bytes twice",
                        file("{" + inner("a", "U8", "[2]", "[0,2]") + "," + inner("b", "U8", "[2]", "[0,2]") + "}", 2),
                        "overlaps"),
                arguments("bytes after the last tensor", file(tensor("F32", "[1]", "[0,4]"), 5), "1 bytes follow"),
                arguments("data without tensors", file("{}", 5), "5 bytes follow"),
                arguments("metadata that is no object", file("{\"__metadata__\":\"x\"}", 0), "not an object"),
                arguments("metadata with a number", file("{\"__metadata__\":{\"x\":1}}", 0), "not a string"),
                arguments("metadata with null", file("{\"__metadata__\":{\"x\":null}}", 0), "not a string"),
                arguments("metadata with an object", file("{\"__metadata__\":{\"x\":{}}}", 0), "not a string"),
                arguments(
                        "metadata with one key twice",
                        file("{\"__metadata__\":{\"x\":\"1\",\"x\":\"2\"}}", 0),
                        "two 'x'"),
                arguments("metadata twice", file("{\"__metadata__\":{},\"__metadata__\":{}}", 0), "two __metadata__"),
                arguments("10 000 levels deep", file("{\"a\":" + "[".repeat(10_000), 0), "not an object"),
                arguments(
                        "10 000 levels deep in a shape", file(tensor("U8", "[".repeat(10_000), "[0,1]"), 1), "invalid"),
                arguments(
                        "10 000 levels deep in an unknown key",
                        file("{\"a\":{\"x\":" + "{\"x\":".repeat(10_000), 0),
                        "unknown key"),
                arguments("invalid UTF-8 in a name", bytes("{\"a\u00ff\":1}", StandardCharsets.ISO_8859_1), "JSON"),
                arguments("overlong UTF-8", bytes("{\"\u00c0\u00af\":1}", StandardCharsets.ISO_8859_1), "JSON"),
                arguments(
                        "a surrogate in UTF-8",
                        bytes("{\"\u00ed\u00a0\u0080\":1}", StandardCharsets.ISO_8859_1),
                        "JSON"),
                arguments("cut UTF-8 at the end", bytes("{}\u00e2\u0082", StandardCharsets.ISO_8859_1), "JSON"),
                arguments("UTF-16", bytes("{}", StandardCharsets.UTF_16LE), "JSON"),
                arguments("a control character in a name", file("{\"a\nb\":1}", 0), "JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefusedWithItsReason(String name, byte[] content, String reason) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Files.write(file, content);
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
        OpenFiles.assertNoneBelow(folder);
    }

    @Test
    void damagedBytesAreReadOrRefusedButNeverEscapeTheTypedErrors() throws IOException {
        byte[] whole =
                file("{" + inner("a", "F32", "[2,2]", "[0,16]") + "," + inner("b", "I64", "[1]", "[16,24]") + "}", 24);
        Random random = new Random(7);
        Path file = folder.resolve("model.safetensors");
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            Files.deleteIfExists(file);
            Files.write(
                    file,
                    random.nextInt(4) == 0 ? java.util.Arrays.copyOf(damaged, random.nextInt(whole.length)) : damaged);
            try (TensorFile opened = Safetensors.read(file)) {
                opened.tensors().values().forEach(tensor -> tensor.data().byteSize());
            } catch (CheckpointException refused) {
                org.assertj.core.api.Assertions.assertThat(refused).hasMessageContaining("model.safetensors");
            }
        }
    }

    private static String tensor(String type, String shape, String offsets) {
        return "{" + inner("a", type, shape, offsets) + "}";
    }

    private static String inner(String name, String type, String shape, String offsets) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, type, shape, offsets);
    }

    private static byte[] bytes(String header, java.nio.charset.Charset charset) {
        byte[] encoded = header.getBytes(charset);
        return ByteBuffer.allocate(8 + encoded.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(encoded.length)
                .put(encoded)
                .array();
    }

    private static byte[] raw(long length, String rest) {
        byte[] encoded = rest.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + encoded.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(encoded)
                .array();
    }

    private static byte[] file(String header, int dataBytes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bytes(header, StandardCharsets.UTF_8));
        bytes.writeBytes(new byte[dataBytes]);
        return bytes.toByteArray();
    }
}
