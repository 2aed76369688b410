package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small archives that would grow in memory or take for ever, by sharing values, colliding or promising too much. */
@Timeout(120)
class PickleBombsTest {
    private static final long[] ONE = {1};
    private static final int MANY = 100_000;

    @TempDir
    Path folder;

    /** A shape of 100,000 numbers in the memo, and 30,000 tensors that each take a copy of it. */
    @Test
    void aSharedHugeShapeIsRefused() throws IOException {
        Pickles shared = Pickles.start()
                .op("}(")
                .text("shape")
                .tuple(new long[MANY])
                .op("q")
                .raw(0);
        for (int i = 0; i < 30_000; i++) {
            shared.text("t" + i)
                    .global("torch._utils", "_rebuild_tensor_v2")
                    .op("((")
                    .text("storage")
                    .global("torch", "FloatStorage")
                    .text("0")
                    .text("cpu")
                    .whole(4)
                    .op("tQ")
                    .whole(0)
                    .op("h")
                    .raw(0)
                    .op("h")
                    .raw(0)
                    .op("tR");
        }
        refused(shared.op("u"), "has a tensor of 100000 dimensions; 64 are the limit");
    }

    /** A list of 100,000 pairs in the memo, and 100,000 dictionaries that are each made of it. */
    @Test
    void aSharedListOfPairsIsNotCopiedForEver() throws IOException {
        Pickles pickle = Pickles.start()
                .global("collections", "OrderedDict")
                .op("q")
                .raw(0)
                .op("](");
        for (int i = 0; i < MANY; i++) {
            pickle.whole(i).op("N").raw(0x86);
        }
        pickle.op("e").raw(0x85).op("q").raw(1).op("}");
        for (int i = 0; i < MANY; i++) {
            pickle.whole(i).op("h").raw(0).op("h").raw(1).op("Rs");
        }
        refused(pickle.raw(0x87), "copies more than 4000000 values");
    }

    /** The attributes of 100,000 modules are all set from one dictionary of 100,000 entries. */
    @Test
    void aSharedStateIsNotCopiedForEver() throws IOException {
        Pickles pickle = Pickles.start().op("}(");
        for (int i = 0; i < MANY; i++) {
            pickle.whole(i).op("N");
        }
        pickle.op("uq").raw(0);
        pickle.global("__torch__", "Module").op("q").raw(1).op("(");
        for (int i = 0; i < MANY; i++) {
            pickle.op("h").raw(1).op(")").raw(0x81).op("h").raw(0).op("b");
        }
        refused(pickle.op("t").raw(0x87), "copies more than 4000000 values");
    }

    /** 100,000 entries that are no weights, in a dictionary that 100,000 names lead to. */
    @Test
    void aSharedDictionaryOfOtherThingsIsNotWalkedForEver() throws IOException {
        Pickles pickle = Pickles.start().op("}(").text("first").op("}(");
        for (int i = 0; i < MANY; i++) {
            pickle.whole(i).op("N");
        }
        pickle.op("uq").raw(0);
        for (int i = 0; i < MANY; i++) {
            pickle.text("n" + i).op("h").raw(0);
        }
        refused(pickle.op("u"), "or without end");
    }

    /** Keys that all have one hash, which makes a plain hash map as slow as a list. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void keysOfOneHashAreFoundQuickly() throws IOException {
        String[] parts = {"AaAa", "AaBB", "BBAa", "BBBB"};
        IntFunction<String> colliding = i -> IntStream.range(0, 9)
                .mapToObj(digit -> parts[i >> (2 * digit) & 3])
                .collect(Collectors.joining());
        assertThat(colliding.apply(5)).hasSameHashCodeAs(colliding.apply(77_777));
        Pickles pickle = Pickles.start().op("}(").text("w").tensor("0", 4, 0, ONE, ONE);
        for (int i = 0; i < 2 * MANY; i++) {
            pickle.text(colliding.apply(i)).op("N");
        }
        try (PytorchArchive archive = PytorchArchive.open(write(pickle.op("u")))) {
            assertThat(archive.file().tensors()).containsOnlyKeys("w");
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void numbersOfOneHashAreFoundQuickly() throws IOException {
        Pickles pickle = Pickles.start().op("}(").text("w").tensor("0", 4, 0, ONE, ONE);
        for (long i = 1; i <= 2 * MANY; i++) {
            // The two halves of a long are combined into its hash.
            pickle.whole(i << 32 | i).op("N");
        }
        try (PytorchArchive archive = PytorchArchive.open(write(pickle.op("u")))) {
            assertThat(archive.file().tensors()).containsOnlyKeys("w");
        }
    }

    /** Each view is inside the storage, and together they would be a thousand times the file. */
    @Test
    void viewsMustNotUnfoldToMoreThanTheFile() throws IOException {
        long side = 1 << 10;
        Pickles pickle = Pickles.start().op("}(");
        for (int i = 0; i < 1_000; i++) {
            pickle.text("t" + i).tensor("0", side * side, 0, new long[] {side, side}, new long[] {1, side});
        }
        byte[] archive = Archives.of(pickle.op("u").stop(), 1 << 20).zip();
        refused(archive, "unfold to more than the file holds");
    }

    @Test
    void textsOfMegabytesAreReadOnce() throws IOException {
        Pickles pickle = Pickles.start().op("}(").text("note").text("x".repeat(20 << 20));
        refused(pickle.op("u"), "holds no tensors");
    }

    @Test
    void aDirectoryOfMegabytesOfNamesIsRefused() throws IOException {
        byte[] whole = Archives.of(new byte[0]).zip();
        int end = whole.length - 22;
        ByteBuffer file = ByteBuffer.allocate(end + (70 << 20) + 22).order(ByteOrder.LITTLE_ENDIAN);
        file.put(whole, 0, end).position(end + (70 << 20)).put(whole, end, 22);
        int start = file.getInt(file.capacity() - 6);
        file.putInt(file.capacity() - 10, file.capacity() - 22 - start);
        refused(file.array(), "67108864 bytes are the limits");
    }

    /** Overlapping entries are how a ZIP of kilobytes unpacks to petabytes: here the second lies inside the first. */
    @Test
    void entriesOnTopOfEachOtherAreRefused() throws IOException {
        int floats = 1 << 18;
        byte[] inner = Archives.floats(floats);
        byte[] name = "model/data/1".getBytes(StandardCharsets.UTF_8);
        byte[] outer = ByteBuffer.allocate(30 + name.length + inner.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x04034b50)
                .position(26)
                .putShort((short) name.length)
                .position(30)
                .put(name)
                .put(inner)
                .array();
        byte[] pickle = Pickles.start()
                .op("}(")
                .text("a")
                .tensor("ByteStorage", "0", outer.length, 0, ONE, ONE)
                .text("b")
                .tensor("1", floats, 0, ONE, ONE)
                .op("u")
                .stop();
        byte[] honest = Archives.of(pickle)
                .with("model/data/0", outer)
                .with("model/data/1", inner)
                .zip();
        byte[] zip = Archives.of(pickle)
                .with("model/data/0", outer)
                .with("model/data/1", new byte[0])
                .zip();
        ByteBuffer lying = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer truth = ByteBuffer.wrap(honest).order(ByteOrder.LITTLE_ENDIAN);
        int entry = zip.length - 22 - 46 - name.length;
        for (int field = 16; field < 28; field += 4) {
            lying.putInt(entry + field, truth.getInt(honest.length - 22 - 46 - name.length + field));
        }
        lying.putInt(entry + 42, 30 + "model/data.pkl".length() + pickle.length + 30 + name.length);
        refused(zip, "has entries that lie on top of each other");
    }

    private Path write(Pickles pickle) throws IOException {
        return Files.write(
                folder.resolve("model.pt"), Archives.of(pickle.stop(), 4).zip());
    }

    private void refused(Pickles pickle, String reason) throws IOException {
        refused(Archives.of(pickle.stop(), 4).zip(), reason);
    }

    private void refused(byte[] archive, String reason) throws IOException {
        Path file = Files.write(folder.resolve("model.pt"), archive);
        assertThatThrownBy(() -> PytorchArchive.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
        OpenFiles.assertNoneBelow(folder);
        assertThat(Arrays.hashCode(Files.readAllBytes(file))).isEqualTo(Arrays.hashCode(archive));
    }
}
