package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are a whole safetensors file, which then says the same when it is written again, or are refused by name. */
@SuppressWarnings("MustBeClosedChecker") // The arenas hold nothing.
class SafetensorsFuzz {
    private static final Path FILE = Path.of("any.safetensors");

    static Stream<byte[]> seeds() {
        return Stream.of(
                file("{}", 0),
                file("{\"__metadata__\":{\"format\":\"pt\"}}", 0),
                file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", 16),
                file("{\"a\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}} ", 8),
                file("{\"a\":{\"dtype\":\"BOOL\",\"shape\":[0,3],\"data_offsets\":[0,0]}}", 0),
                file(
                        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                                + "\"b\\u00e9\":{\"data_offsets\":[6,8],\"shape\":[2],\"dtype\":\"I8\"}}",
                        8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] content) {
        try (TensorFile read = parsed(content)) {
            List<StoredTensor> tensors = new ArrayList<>(read.tensors().values());
            byte[] header = SafetensorsHeader.format(tensors, read.metadata());
            var again = new ByteArrayOutputStream();
            again.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            again.writeBytes(header);
            tensors.forEach(tensor -> again.writeBytes(tensor.data().toArray(ValueLayout.JAVA_BYTE)));
            try (TensorFile reread = parsed(again.toByteArray())) {
                assertThat(reread.metadata()).isEqualTo(read.metadata());
                assertThat(reread.tensors().keySet()).isEqualTo(read.tensors().keySet());
                tensors.forEach(tensor -> {
                    StoredTensor other = reread.tensor(tensor.name());
                    assertThat(other.toString()).isEqualTo(tensor.toString());
                    assertThat(other.data().mismatch(tensor.data())).isEqualTo(-1);
                });
            }
        } catch (CheckpointException refusal) {
            assertThat(refusal).hasMessageStartingWith("any.safetensors: ");
        }
    }

    private static TensorFile parsed(byte[] content) {
        return Safetensors.parsed(FILE, MemorySegment.ofArray(content), Arena.ofConfined());
    }

    private static byte[] file(String header, int dataBytes) {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .array();
    }
}
