package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PytorchArchiveTest {
    @TempDir
    Path folder;

    @Test
    void stridesAndOffsetsAreHonoured() throws IOException {
        byte[] pickle = Pickles.start()
                .op("}(")
                .text("transposed")
                .tensor("0", 12, 0, new long[] {3, 4}, new long[] {1, 3})
                .text("column")
                .tensor("0", 12, 1, new long[] {3}, new long[] {4})
                .text("part")
                .tensor("0", 12, 5, new long[] {2, 2}, new long[] {2, 1})
                .text("scalar")
                .tensor("0", 12, 11, new long[0], new long[0])
                .text("expanded")
                .tensor("0", 12, 2, new long[] {3}, new long[] {0})
                .text("empty")
                .tensor("0", 12, 12, new long[] {0, 4}, new long[] {4, 1})
                .op("u")
                .stop();
        try (PytorchArchive archive = open(Archives.of(pickle, 12).zip())) {
            assertThat(archive.torchScript()).isFalse();
            assertThat(floats(archive, "transposed")).containsExactly(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
            assertThat(floats(archive, "column")).containsExactly(1, 5, 9);
            assertThat(floats(archive, "part")).containsExactly(5, 6, 7, 8);
            assertThat(floats(archive, "scalar")).containsExactly(11);
            assertThat(floats(archive, "expanded")).containsExactly(2, 2, 2);
            assertThat(floats(archive, "empty")).isEmpty();
        }
    }

    @Test
    void nestedDictionariesGiveDottedNamesAndSettingsAreLeftOut() throws IOException {
        byte[] pickle = Pickles.start()
                .op("}(")
                .text("epoch")
                .whole(3)
                .text("name")
                .text("run")
                .text("state_dict")
                .op("}(")
                .text("module.visual.proj")
                .tensor("0", 1, 0, new long[] {1}, new long[] {1})
                .text("module.inner")
                .op("}")
                .text("logit_scale")
                .tensor("0", 1, 0, new long[0], new long[0])
                .op("s")
                .op("u")
                .text("optimizer")
                .op("}")
                .text("state")
                .tensor("0", 1, 0, new long[] {1}, new long[] {1})
                .op("su")
                .stop();
        try (PytorchArchive archive = open(Archives.of(pickle, 1).zip())) {
            assertThat(archive.file().tensors()).containsOnlyKeys("visual.proj", "inner.logit_scale");
        }
    }

    @Test
    void modulesOfTorchScriptAreObjectsWithoutCode() throws IOException {
        byte[] pickle = Pickles.start()
                .global("__torch__.multimodal.model", "CLIP")
                .op(")")
                .raw(0x81)
                .op("}(")
                .text("training")
                .raw(0x88)
                .text("visual")
                .global("__torch__.anything", "Else")
                .op(")R}")
                .text("proj")
                .tensor("HalfStorage", "0", 2, 0, new long[] {2}, new long[] {1})
                .op("sb")
                .text("input_resolution")
                .tensor("LongStorage", "1", 1, 0, new long[0], new long[0])
                .op("ub")
                .stop();
        byte[] archive = Archives.of(pickle)
                .with("model/data/0", new byte[4])
                .with("model/data/1", new byte[8])
                .with("model/code/__torch__.py", new byte[] {1, 2, 3})
                .zip();
        try (PytorchArchive opened = open(archive)) {
            assertThat(opened.torchScript()).isTrue();
            assertThat(opened.openAi()).isFalse();
            assertThat(opened.file().tensors()).containsOnlyKeys("visual.proj");
            assertThat(opened.file().tensor("visual.proj").type()).isEqualTo(StoredType.F16);
        }
    }

    @Test
    void parametersAndVersionNotesOfAnOrderedDictAreRead() throws IOException {
        byte[] pickle = Pickles.start()
                .global("collections", "OrderedDict")
                .op(")R")
                .text("w")
                .global("torch._utils", "_rebuild_parameter")
                .op("(")
                .tensor("BFloat16Storage", "0", 2, 0, new long[] {2}, new long[] {1})
                .raw(0x88)
                .op("NtRs}")
                .text("_metadata")
                .op("}sb")
                .stop();
        try (PytorchArchive archive = open(Archives.of(pickle, 1).zip())) {
            assertThat(archive.file().tensor("w").type()).isEqualTo(StoredType.BF16);
        }
    }

    @Test
    void theSixtyFourBitDirectoryOfLargeArchivesIsUnderstood() throws IOException {
        byte[] pickle = Pickles.start()
                .op("}")
                .text("w")
                .tensor("0", 3, 0, new long[] {3}, new long[] {1})
                .op("s")
                .stop();
        byte[] small = Archives.of(pickle, 3).zip();
        int end = small.length - 22;
        ByteBuffer old = ByteBuffer.wrap(small).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer large = ByteBuffer.allocate(small.length + 56 + 20).order(ByteOrder.LITTLE_ENDIAN);
        large.put(small, 0, end);
        large.putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        large.putLong(2).putLong(2).putLong(old.getInt(end + 12)).putLong(old.getInt(end + 16));
        large.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        large.putInt(0x06054b50).putInt(-1).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
        try (PytorchArchive archive = open(large.array())) {
            assertThat(floats(archive, "w")).containsExactly(0, 1, 2);
        }
        large.putLong(end + 76 - 12, Long.MAX_VALUE);
        assertThatThrownBy(() -> open(large.array()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("64-bit end record");
    }

    private static float[] floats(PytorchArchive archive, String name) {
        return archive.file().tensor(name).toFloats();
    }

    private PytorchArchive open(byte[] content) throws IOException {
        Path file = folder.resolve("model.pt");
        Files.write(file, content);
        return PytorchArchive.open(file);
    }
}
