package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes are an archive of tensors inside their storages, or are refused by name; nothing else happens.
 *
 * <p>After a first byte of zero the bytes are a whole archive; otherwise they are the pickle of one, around which a ZIP with right
 * checksums is made, which no fuzzer would find.
 */
@SuppressWarnings("MustBeClosedChecker") // The arenas hold nothing.
class PytorchArchiveFuzz {
    private static final Path FILE = Path.of("any.pt");
    private static final int FLOATS = 16;

    static Stream<byte[]> seeds() {
        long[] shape = {2, 3};
        long[] strides = {3, 1};
        byte[] state = Pickles.start()
                .op("}(")
                .text("w")
                .tensor("0", FLOATS, 0, shape, strides)
                .text("t")
                .tensor("0", FLOATS, 4, shape, new long[] {1, 2})
                .op("u")
                .stop();
        byte[] ordered = Pickles.start()
                .global("collections", "OrderedDict")
                .op("]")
                .text("w")
                .tensor("0", FLOATS, 0, shape, strides)
                .raw(0x86)
                .op("a")
                .raw(0x85)
                .op("R}")
                .text("_metadata")
                .op("}sb")
                .stop();
        byte[] script = Pickles.start()
                .global("__torch__.model", "Model")
                .op(")")
                .raw(0x81)
                .op("}(")
                .text("training")
                .raw(0x89)
                .text("w")
                .tensor("0", FLOATS, 0, shape, strides)
                .op("ub")
                .stop();
        byte[] wrapped = Pickles.start()
                .op("}")
                .text("state_dict")
                .op("}q")
                .raw(1)
                .text("module.w")
                .global("torch._utils", "_rebuild_parameter")
                .tensor("0", FLOATS, 0, shape, strides)
                .op("\u0088)\u0087Rs")
                .op("s")
                .stop();
        return Stream.concat(
                Stream.of(state, ordered, script, wrapped).map(pickle -> prefixed(1, pickle)),
                Stream.of(
                        prefixed(0, Archives.of(state, FLOATS).zip()),
                        prefixed(0, Archives.of(state, FLOATS).deflated().zip())));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] content) {
        if (content.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(content, 1, content.length);
        byte[] archive = content[0] == 0 ? rest : Archives.of(rest, FLOATS).zip();
        try (PytorchArchive read = PytorchArchive.parsed(FILE, MemorySegment.ofArray(archive), Arena.ofConfined())) {
            long bytes = 0;
            for (StoredTensor tensor : read.file().tensors().values()) {
                bytes += tensor.data().byteSize();
                assertThat(tensor.data().byteSize())
                        .isEqualTo(tensor.elements() * tensor.type().bytes());
            }
            assertThat(bytes).isNotNegative();
        } catch (CheckpointException refusal) {
            assertThat(refusal).hasMessageStartingWith("any.pt: ");
        }
    }

    private static byte[] prefixed(int first, byte[] rest) {
        byte[] whole = new byte[rest.length + 1];
        whole[0] = (byte) first;
        System.arraycopy(rest, 0, whole, 1, rest.length);
        return whole;
    }
}
