package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.perennial.clip.golden.GoldenCases;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostilePytorchArchiveTest {
    private static final long[] ONE = {1};

    @TempDir
    Path folder;

    static Stream<Arguments> pickles() {
        return Stream.of(
                arguments(
                        "os.system",
                        Pickles.start()
                                .global("posix", "system")
                                .text("id")
                                .raw(0x85)
                                .op("R"),
                        "posix.system"),
                arguments("builtins.eval", Pickles.start().global("builtins", "eval"), "builtins.eval"),
                arguments(
                        "__builtin__.getattr", Pickles.start().global("__builtin__", "getattr"), "__builtin__.getattr"),
                arguments("subprocess.Popen", Pickles.start().global("subprocess", "Popen"), "subprocess.Popen"),
                arguments("torch.hub.load", Pickles.start().global("torch.hub", "load"), "torch.hub.load"),
                arguments("torch.load", Pickles.start().global("torch", "load"), "torch.load"),
                arguments(
                        "numpy scalar",
                        Pickles.start().global("numpy.core.multiarray", "scalar"),
                        "numpy.core.multiarray.scalar"),
                arguments(
                        "a name with a dot",
                        Pickles.start().global("collections", "OrderedDict.__class__"),
                        "OrderedDict.__class__"),
                arguments(
                        "a class that only ends like an allowed one",
                        Pickles.start().global("evil.collections", "OrderedDict"),
                        "evil.collections"),
                arguments("INST opcode", Pickles.start().op("(iposix\nsystem\n"), "opcode 0x69"),
                arguments("OBJ opcode", Pickles.start().op("(o"), "opcode 0x6f"),
                arguments("EXT1 opcode", Pickles.start().raw(0x82, 1), "opcode 0x82"),
                arguments(
                        "STACK_GLOBAL opcode",
                        Pickles.start().text("posix").text("system").raw(0x93),
                        "opcode 0x93"),
                arguments("BYTEARRAY8 opcode", Pickles.start().raw(0x96), "opcode 0x96"),
                arguments("PERSID as text", Pickles.start().op("Pfile\n"), "opcode 0x50"),
                arguments("an integer of 255 bytes", Pickles.start().raw(0x8a, 255), "more than 64 bits"),
                arguments(
                        "text longer than the file",
                        Pickles.start().op("X").int32(Integer.MAX_VALUE),
                        "ends in the middle"),
                arguments("text of negative length", Pickles.start().op("X").int32(-1), "ends in the middle"),
                arguments(
                        "text that is not UTF-8",
                        Pickles.start().op("X").int32(1).raw(0xff),
                        "not UTF-8"),
                arguments("a name without end", Pickles.start().op("ctorch"), "ends in the middle"),
                arguments("nothing on the stack", Pickles.start(), "takes more values"),
                arguments("a tuple of too few", Pickles.start().op("N").raw(0x87), "takes more values"),
                arguments("values below the mark", Pickles.start().op("N(").raw(0x85), "takes more values"),
                arguments("a group never opened", Pickles.start().op("t"), "never opened"),
                arguments("two results", Pickles.start().op("NN"), "goes on after its end"),
                arguments("an unknown memo", Pickles.start().op("h").raw(9), "recalls value 9"),
                arguments("a key without a value", Pickles.start().op("}(Nu"), "without a value"),
                arguments("a dictionary as a key", Pickles.start().op("}}Ns"), "as the key"),
                arguments("append to a number", Pickles.start().whole(1).op("Na"), "where a Sequence belongs"),
                arguments("call of a text", Pickles.start().text("x").op(")R"), "where a Global belongs"),
                arguments(
                        "call of a storage type",
                        Pickles.start().global("torch", "FloatStorage").op(")R"),
                        "torch.FloatStorage"),
                arguments(
                        "TorchScript object with arguments",
                        Pickles.start()
                                .global("__torch__.A", "B")
                                .op("N")
                                .raw(0x85)
                                .op("R"),
                        "__torch__.A.B"),
                arguments("state of a tuple", Pickles.start().op(")}b"), "state of a Tuple"),
                arguments(
                        "state that is no dictionary",
                        Pickles.start().global("__torch__", "A").op(")R").op("Nb"),
                        "where a Mapping belongs"),
                arguments(
                        "a reference outside that is no storage",
                        Pickles.start().text("file:/etc/passwd").op("Q"),
                        "not a storage"),
                arguments(
                        "a storage of numbers",
                        Pickles.start()
                                .op("(")
                                .text("storage")
                                .whole(1)
                                .text("0")
                                .text("cpu")
                                .whole(1)
                                .op("tQ"),
                        "where a Global belongs"),
                arguments(
                        "an unknown storage type",
                        Pickles.start().op("(").text("storage").global("torch", "ComplexFloatStorage"),
                        "torch.ComplexFloatStorage"),
                arguments(
                        "a function as a storage type",
                        Pickles.start()
                                .op("(")
                                .text("storage")
                                .global("torch", "Size")
                                .text("0")
                                .text("cpu")
                                .whole(1)
                                .op("tQ"),
                        "torch.Size"),
                arguments(
                        "a tensor with few arguments",
                        Pickles.start()
                                .global("torch._utils", "_rebuild_tensor_v2")
                                .op(")R"),
                        "too few"),
                arguments("negative offset", one(4, -1, ONE, ONE), "outside its storage"),
                arguments("offset beyond the storage", one(4, 5, ONE, ONE), "outside its storage"),
                arguments("offset of 2^63 - 1", one(4, Long.MAX_VALUE, ONE, ONE), "outside its storage"),
                arguments("one element too many", one(4, 1, new long[] {4}, ONE), "outside its storage"),
                arguments("negative stride", one(4, 3, new long[] {4}, new long[] {-1}), "outside its storage"),
                arguments(
                        "stride that overflows",
                        one(4, 0, new long[] {2, 2}, new long[] {Long.MAX_VALUE, Long.MAX_VALUE}),
                        "outside its storage"),
                arguments("negative dimension", one(4, 0, new long[] {-2}, ONE), "negative"),
                arguments(
                        "shape that overflows",
                        one(4, 0, new long[] {1L << 32, 1L << 32}, new long[] {0, 0}),
                        "overflows"),
                arguments(
                        "a terabyte unfolded from one number",
                        one(4, 0, new long[] {1L << 40}, new long[] {0}),
                        "outside its storage"),
                arguments("strides of another rank", one(4, 0, new long[] {2, 2}, ONE), "with strides"),
                arguments("a storage larger than its entry", one(5, 0, ONE, ONE), "announces 5"),
                arguments("a storage smaller than its entry", one(3, 0, ONE, ONE), "announces 3"),
                arguments("a storage of negative size", one(-1, 0, new long[] {0}, ONE), "announces -1"),
                arguments("a storage of 2^62 elements", one(1L << 62, 0, ONE, ONE), "announces"),
                arguments("a missing storage", named("1"), "lacks its entry 'model/data/1'"),
                arguments("a storage name that climbs", named("../../../etc/passwd"), "lacks its entry"),
                arguments("no tensors at all", Pickles.start().op("}"), "holds no tensors"),
                arguments(
                        "a dictionary in itself",
                        Pickles.start().op("}q").raw(0).text("a").op("h").raw(0).op("s"),
                        "without end"),
                arguments("10 000 dictionaries deep", deep(10_000), "nests"),
                arguments("a million opcodes", Pickles.start().op("N".repeat(1_200_000)), "more than 1000000 opcodes"),
                arguments("doubling 40 times", doubling(), "nests"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pickles")
    void pickleIsRefusedWithItsReason(String name, Pickles pickle, String reason) throws IOException {
        assertRefused(Archives.of(pickle.stop(), 4).zip(), reason);
    }

    static Stream<Arguments> files() {
        byte[] good = Archives.of(one(4, 0, ONE, ONE).stop(), 4).zip();
        byte[] pickle = one(4, 0, ONE, ONE).stop();
        int end = good.length - 22;
        return Stream.of(
                arguments("empty file", new byte[0], "not a PyTorch archive"),
                arguments(
                        "a web page",
                        "<!DOCTYPE html><html>not found</html>".getBytes(StandardCharsets.UTF_8),
                        "not a PyTorch archive"),
                arguments(
                        "saved before PyTorch 1.6",
                        Pickles.start()
                                .raw(0x8a, 10)
                                .op("l\374\234F\371 j\250P\031.")
                                .unfinished(),
                        "before 1.6"),
                arguments("cut in the middle", Arrays.copyOf(good, good.length / 2), "no end record"),
                arguments("cut by one byte", Arrays.copyOf(good, good.length - 1), "no end record"),
                arguments("one byte more", Arrays.copyOf(good, good.length + 1), "no end record"),
                arguments(
                        "no data.pkl",
                        new Archives().with("model/other", pickle).zip(),
                        "without data.pkl"),
                arguments(
                        "data.pkl in the root",
                        new Archives().with("data.pkl", pickle).zip(),
                        "without data.pkl"),
                arguments(
                        "two roots",
                        Archives.of(pickle, 4).with("other/data.pkl", pickle).zip(),
                        "two roots"),
                arguments(
                        "compressed entries", Archives.of(pickle, 4).deflated().zip(), "compressed"),
                arguments(
                        "big-endian",
                        Archives.of(pickle, 4)
                                .with("model/byteorder", "big".getBytes(StandardCharsets.UTF_8))
                                .zip(),
                        "big-endian"),
                arguments(
                        "protocol 4",
                        Archives.of(new byte[] {(byte) 0x80, 4, 'N', '.'}).zip(),
                        "protocol 2"),
                arguments("an empty pickle", Archives.of(new byte[0]).zip(), "ends in the middle"),
                arguments(
                        "a pickle without end",
                        Archives.of(Pickles.start().op("N").unfinished()).zip(),
                        "ends in the middle"),
                arguments(
                        "more after the end",
                        Archives.of(Pickles.start().op("N.N").unfinished()).zip(),
                        "goes on after its end"),
                arguments("a pickle of 33 MiB", Archives.of(new byte[33 << 20]).zip(), "far less"),
                arguments("a flipped bit in the pickle", with(good, 60, good[60] ^ 1), "checksum"),
                arguments("entry count of another archive", with(good, end + 10, 1), "damaged directory"),
                arguments("65 535 entries", with(with(good, end + 10, 255), end + 11, 255), "outside the file"),
                arguments("directory beyond the file", with(good, end + 19, 127), "outside the file"),
                arguments("directory longer than the file", with(good, end + 15, 127), "outside the file"),
                arguments("part of a split archive", with(good, end + 4, 1), "split"),
                arguments("entry beyond the directory", with(good, directory(good) + 45, 127), "outside the file"),
                arguments("entry of another place", with(good, directory(good) + 42, 5), "disagrees"),
                arguments("entry name of another length", with(good, directory(good) + 28, 1), "damaged directory"),
                arguments("sizes that disagree", with(good, directory(good) + 20, 1), "ends inside"),
                arguments("encrypted entry", with(good, directory(good) + 8, 1), "encrypted"),
                arguments("one entry twice", twice(good), "two entries"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void fileIsRefusedWithItsReason(String name, byte[] content, String reason) throws IOException {
        assertRefused(content, reason);
    }

    @Test
    @Tag("golden")
    void damagedArchivesAreReadOrRefusedButNeverEscapeTheTypedErrors() throws IOException {
        Path original = GoldenCases.ofKind("openai-pt")
                .findFirst()
                .orElseThrow()
                .folder()
                .resolve("state_dict.pt");
        byte[] whole = Files.readAllBytes(original);
        Random random = new Random(11);
        Path file = folder.resolve("model.pt");
        for (int i = 0; i < 200; i++) {
            byte[] damaged = whole.clone();
            // Most of the file is weights; aim at the directory, at the pickle and anywhere in turn.
            int from = i % 3 == 0 ? whole.length - 5_000 : 0;
            int to = i % 3 == 1 ? 5_000 : whole.length;
            for (int k = 0; k < 3; k++) {
                damaged[random.nextInt(from, to)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try (PytorchArchive archive = PytorchArchive.open(file)) {
                assertThat(archive.file().tensors()).isNotEmpty();
            } catch (CheckpointException refused) {
                assertThat(refused).hasMessageStartingWith(file.toString());
            }
        }
    }

    @Test
    void damagedPicklesAreReadOrRefusedButNeverEscapeTheTypedErrors() {
        byte[] whole = Pickles.start()
                .op("}(")
                .text("a")
                .tensor("0", 4, 0, ONE, ONE)
                .text("b")
                .tensor("0", 4, 0, ONE, ONE)
                .op("u")
                .stop();
        Random random = new Random(13);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k <= random.nextInt(4); k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(PickleReader.read(ByteBuffer.wrap(damaged))).isNotNull();
            } catch (PickleException refused) {
                assertThat(refused).hasMessageMatching("(?s).+");
            }
        }
    }

    private void assertRefused(byte[] content, String reason) throws IOException {
        Path file = folder.resolve("model.pt");
        Files.write(file, content);
        assertThatThrownBy(() -> PytorchArchive.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }

    private static Pickles one(long elements, long offset, long[] shape, long[] strides) {
        return Pickles.start()
                .op("}")
                .text("w")
                .tensor("0", elements, offset, shape, strides)
                .op("s");
    }

    private static Pickles named(String key) {
        return Pickles.start().op("}").text("w").tensor(key, 4, 0, ONE, ONE).op("s");
    }

    private static Pickles deep(int levels) {
        Pickles pickle = Pickles.start();
        for (int i = 0; i < levels; i++) {
            pickle.op("}").text("a");
        }
        return pickle.tensor("0", 4, 0, ONE, ONE).op("s".repeat(levels));
    }

    /** Each dictionary holds the one before it twice, so that walking it naively takes 2^40 steps. */
    private static Pickles doubling() {
        Pickles pickle = Pickles.start().op("}(");
        pickle.text("0").op("}").text("w").tensor("0", 4, 0, ONE, ONE).op("sq").raw(0);
        for (int i = 1; i <= 40; i++) {
            pickle.text("level" + i)
                    .op("}(")
                    .text("a")
                    .op("h")
                    .raw(i - 1)
                    .text("b")
                    .op("h")
                    .raw(i - 1)
                    .op("uq")
                    .raw(i);
        }
        return pickle.op("u");
    }

    private static int directory(byte[] zip) {
        return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
    }

    private static byte[] with(byte[] content, int index, int value) {
        byte[] changed = content.clone();
        changed[index] = (byte) value;
        return changed;
    }

    /** Repeats the first entry of the directory in place of the second, whose name is as long when cut. */
    private static byte[] twice(byte[] zip) {
        int first = directory(zip);
        int nameLength = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getShort(first + 28);
        int length = 46 + nameLength;
        ByteBuffer doubled = ByteBuffer.allocate(zip.length + length).order(ByteOrder.LITTLE_ENDIAN);
        doubled.put(zip, 0, first).put(zip, first, length).put(zip, first, zip.length - first);
        int end = doubled.capacity() - 22;
        doubled.putShort(end + 8, (short) 3).putShort(end + 10, (short) 3);
        doubled.putInt(end + 12, zip.length - 22 - first + length);
        return doubled.array();
    }
}
