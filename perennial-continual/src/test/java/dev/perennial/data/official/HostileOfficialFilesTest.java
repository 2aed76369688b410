package dev.perennial.data.official;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the forms of public data sets that those data sets' authors never made. */
@Timeout(60)
class HostileOfficialFilesTest {
    @TempDir
    Path folder;

    private void refusedPickle(String latin, String problem) throws IOException {
        Path file = folder.resolve("train");
        Files.write(file, ("\u0080\2" + latin).getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PythonBatch.read(file).texts("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "N",
                "Na",
                "e",
                "(e",
                ")Na",
                ")(Ne",
                "}(N",
                "s",
                "u",
                "}Nu",
                "}(Nu",
                "b",
                "Nb",
                "R",
                "NR",
                "t",
                "q",
                "qN",
                "h",
                "h\1",
                "U",
                "U\5abc",
                "T\377\377\377\377",
                "X\377\377\377\177",
                "]((",
                "(t(",
                "N\u0085b",
                "(]e.",
                ")}s."
            })
    void pickleOfOpcodesThatDoNotFitIsDamaged(String opcodes) throws IOException {
        refusedPickle(opcodes, "");
    }

    @Test
    void namesOutsideOfArraysAreRefused() throws IOException {
        refusedPickle("cos\nsystem\n", "names 'os.system'");
        refusedPickle("cbuiltins\neval\n", "names 'builtins.eval'");
        refusedPickle("cnumpy\nload\n", "names 'numpy.load'");
        refusedPickle("iposix\nsystem\n", "opcode 0x69");
    }

    /** Hashing a list of lists that doubles at each level takes 2^60 steps, one that holds itself never ends. */
    @Test
    void listsAreNoKeys() throws IOException {
        var doubling = new StringBuilder("}(Nq\0");
        for (int i = 0; i < 60; i++) {
            doubling.append("h")
                    .append((char) i)
                    .append("h")
                    .append((char) i)
                    .append("\u0086q")
                    .append((char) (i + 1));
        }
        refusedPickle(doubling + "Nu.", "a key that is no short text");
        refusedPickle("}]q\0h\0aNs.", "a key that is no short text");
        refusedPickle("}T\350\3\0\0" + "k".repeat(1000) + "Ns.", "a key that is no short text");
    }

    @Test
    void namesWithoutEndAreRefused() throws IOException {
        refusedPickle("c" + "n".repeat(1_000_000), "more than 256 characters");
    }

    @Test
    void matlabFilesThatUnpackWithoutEndAreRefused() throws IOException {
        refusedMat(element(15, deflated(new byte[40 << 20])), "unpacks to more than 16777216 bytes");
        var parts = new ByteArrayOutputStream();
        byte[] part = element(15, deflated(new byte[9 << 20]));
        parts.writeBytes(part);
        parts.writeBytes(part);
        refusedMat(parts.toByteArray(), "unpacks to more than 16777216 bytes");
    }

    @Test
    void structsOfMoreFieldsThanAnyoneNamesAreRefused() throws IOException {
        ByteBuffer names = ByteBuffer.allocate(4 * 100_000);
        for (int i = 0; i < 100_000; i++) {
            names.put((byte) ('a' + i % 26))
                    .put((byte) ('a' + i / 26 % 26))
                    .put((byte) ('a' + i / 676 % 148))
                    .put((byte) 0);
        }
        byte[] struct = matrix(2, 0, element(5, new byte[] {4, 0, 0, 0}), element(1, names.array()));
        refusedMat(struct, "more than 1000 fields");
    }

    @Test
    void matlabFilesAnnounceNoMoreThanTheyHold() throws IOException {
        refusedMat(matrix(1, Integer.MAX_VALUE), "announces");
        refusedMat(matrix(2, -1), "announces");
        byte[] nested = new byte[0];
        for (int i = 0; i < 40; i++) {
            nested = matrix(1, 1, nested);
        }
        refusedMat(nested, "nests its values more than 16 deep");
        Path large = folder.resolve("large.mat");
        Files.write(large, new byte[17 << 20]);
        assertThatThrownBy(() -> MatFile.read(large)).hasMessageContaining("larger than the limit");
    }

    @ParameterizedTest
    @CsvSource({
        "2147483647,2147483647,2147483647",
        "1,65536,65536",
        "-1,28,28",
        "1,0,28",
        "1,-28,28",
        "1,28,-28",
        "2,28,28"
    })
    void mnistThatAnnouncesOtherSizesIsRefused(int count, int height, int width) throws IOException {
        writeMnist(count, height, width, 28 * 28);
        assertThatThrownBy(() -> new Mnist().list(folder, "train"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("announce other sizes than they have");
    }

    @Test
    void mnistThatUnpacksWithoutEndIsRefused() throws IOException {
        writeMnist(1, 28, 28, 28 * 28);
        Path images = folder.resolve("train-images-idx3-ubyte");
        Files.delete(images);
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("train-images-idx3-ubyte.gz")))) {
            gzip.write(new byte[70 << 20]);
        }
        assertThatThrownBy(() -> new Mnist().list(folder, "train"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unpacks to more than MNIST has");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"_ 1 1 1", "__ 1 1 1", "a__b 1 1 1", "_a 1 1 1", "a_ 1 1 1", "a_b 99999999999 1", "a_b x", "a_b"
            })
    void petsOfOddNamesAreRefused(String line) throws IOException {
        Files.createDirectory(folder.resolve("annotations"));
        Files.writeString(folder.resolve("annotations/trainval.txt"), line + "\n");
        assertThatThrownBy(() -> new OxfordPets().list(folder, "train"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trainval.txt");
    }

    @Test
    void listsThatAreNoFilesAreNotOpened() throws Exception {
        Files.createDirectory(folder.resolve("annotations"));
        Path pipe = folder.resolve("annotations/trainval.txt");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> new OxfordPets().list(folder, "train")).hasMessageContaining("a pipe or a device");
        assertThatThrownBy(() -> PythonBatch.read(pipe)).hasMessageContaining("a pipe or a device");
        assertThatThrownBy(() -> MatFile.read(pipe)).hasMessageContaining("a pipe or a device");
    }

    @Test
    void mutatedPicklesAreReadOrRefused() throws IOException {
        byte[] whole =
                ("\u0080\2}q\1(U\4datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\1b\u0087R"
                                + "(K\1K\2K\3\u0086cnumpy\ndtype\nU\2u1K\0K\1\u0087R\u0089U\6abcdeftbU\13fine_labels](K\1K\2eu.")
                        .getBytes(StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("batch");
        var random = new Random(17);
        for (int i = 0; i < 2_000; i++) {
            byte[] mutation = whole.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                mutation[random.nextInt(mutation.length)] = (byte) random.nextInt();
            }
            // Writing over a file makes some file systems wait for the disk.
            Files.deleteIfExists(file);
            Files.write(file, mutation);
            try {
                assertThat(PythonBatch.read(file)).isNotNull();
            } catch (IllegalArgumentException refusal) {
                assertThat(refusal).hasMessageContaining("batch");
            }
        }
    }

    private void writeMnist(int count, int height, int width, int bytes) throws IOException {
        Files.write(
                folder.resolve("train-images-idx3-ubyte"),
                ByteBuffer.allocate(16 + bytes)
                        .putInt(0x803)
                        .putInt(count)
                        .putInt(height)
                        .putInt(width)
                        .array());
        Files.write(
                folder.resolve("train-labels-idx1-ubyte"),
                ByteBuffer.allocate(9).putInt(0x801).putInt(count).array());
    }

    private void refusedMat(byte[] elements, String problem) throws IOException {
        byte[] file = new byte[128 + elements.length];
        file[126] = 'I';
        file[127] = 'M';
        System.arraycopy(elements, 0, file, 128, elements.length);
        Path path = Files.write(folder.resolve("a.mat"), file);
        assertThatThrownBy(() -> MatFile.read(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.mat")
                .hasMessageContaining(problem);
    }

    private static byte[] matrix(int type, int count, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(element(6, new byte[] {(byte) type, 0, 0, 0, 0, 0, 0, 0}));
        content.writeBytes(element(
                5,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(count)
                        .array()));
        content.writeBytes(element(1, new byte[] {'x'}));
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        return element(14, content.toByteArray());
    }

    private static byte[] element(int type, byte[] data) {
        int padded = type == 15 ? data.length : (data.length + 7) / 8 * 8;
        return ByteBuffer.allocate(8 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(data.length)
                .put(data)
                .array();
    }

    private static byte[] deflated(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(content);
        }
        return out.toByteArray();
    }
}
