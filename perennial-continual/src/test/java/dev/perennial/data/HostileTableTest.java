package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables from strangers: what spoils a row makes a bad sample, what spoils the table an error, and nothing hangs. */
@Timeout(60)
class HostileTableTest {
    @TempDir
    Path folder;

    @AfterEach
    void nothingStaysOpen() {
        OpenFiles.assertNoneBelow(folder);
    }

    private Path table(String text) throws IOException {
        return Files.writeString(folder.resolve("t.csv"), text);
    }

    private Dataset open(String text) throws IOException {
        return CaptionTableReader.open(table(text), "", TableColumns.usual());
    }

    private String reason(String rows) throws IOException {
        try (Dataset dataset = open("image,caption\n" + rows)) {
            dataset.sample(0).image().decode();
            throw new AssertionError("the sample is not bad");
        } catch (BadSampleException e) {
            return e.sample().reason();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|none of its columns",
                "'image,caption\n'|has no rows",
                "'image,image\na,b\n'|cannot be read as a table",
                "'image,caption\n\"a.png,never closed\n'|cannot be read as a table",
                "'image,caption\n\"a\"b,c\n'|cannot be read as a table",
                "'text,words\na,b\n'|none of its columns",
                "'<!DOCTYPE html><html>\n</html>\n'|none of its columns",
            })
    void whatIsNoTableIsRefused(String text, String problem) {
        assertThatThrownBy(() -> open(text))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("t.csv")
                .hasMessageContaining(problem);
    }

    @Test
    void otherEncodingsAreRefusedByName() throws IOException {
        Path file = folder.resolve("t.csv");
        Files.write(file, "image,caption\na.png,größer\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CaptionTableReader.open(file, "", TableColumns.usual()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("t.csv: is not UTF-8");
        Files.write(file, "image,caption\na.png,b\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> CaptionTableReader.open(file, "", TableColumns.usual()))
                .isInstanceOf(DatasetException.class);
    }

    @Test
    void devicesPipesAndFoldersAreBadSamplesAndNeverOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe.png").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createDirectory(folder.resolve("folder.png"));
        assertThat(reason("/dev/zero,x\n")).contains("/dev/zero").contains("a pipe or a device");
        assertThat(reason("pipe.png,x\n")).contains("a pipe or a device");
        assertThat(reason("folder.png,x\n")).contains("it is a folder");
        assertThat(reason("../../../../../../../../dev/urandom,x\n")).contains("a pipe or a device");
        assertThat(reason("gone.png,x\n")).contains("there is no file");
        assertThat(reason("a\0b.png,x\n")).contains("NUL");
        assertThat(reason("https://example.org/a.png,x\n")).contains("fetch the images first");
        assertThat(reason("a.png,x,y\n")).contains("3 cells");
        assertThat(reason(",x\n")).contains("is empty");
        assertThat(reason("n".repeat(100_000) + ".png,x\n")).contains("cannot read");
    }

    @Test
    void anImageOfTerabytesIsABadSample() throws IOException {
        Path huge = folder.resolve("huge.png");
        try (var sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength(1L << 42);
        }
        assertThat(reason("huge.png,x\n")).contains("larger than the limit");
    }

    @Test
    void aTableThatDoesNotFitIntoMemoryIsRefusedWithTheRemedy() throws IOException {
        Path file = table("image,caption\n" + "a.png,b\n".repeat(11));
        assertThat(Table.read(file, new Table.Limits(11, 22, 1000)).rows()).hasSize(11);
        for (var limits : new Table.Limits[] {
            new Table.Limits(10, 22, 1000), new Table.Limits(11, 21, 1000), new Table.Limits(11, 22, 50)
        }) {
            assertThatThrownBy(() -> Table.read(file, limits))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("t.csv: has more than ")
                    .hasMessageContaining("more than fit into memory; give the program more (-Xmx)");
        }
    }

    /** Joining captions one by one would take the square of their number. */
    @Test
    void rowsWithoutEndForOneImageMakeOneBadSample() throws IOException {
        String rows =
                IntStream.range(0, 5_000).mapToObj(i -> "a.png,caption " + i).collect(Collectors.joining("\n"));
        try (Dataset dataset = open("image,caption\n" + rows)) {
            assertThat(dataset.size()).isEqualTo(1);
            assertThatThrownBy(() -> dataset.sample(0))
                    .isInstanceOf(BadSampleException.class)
                    .hasMessageContaining("more than 1000 captions");
        }
    }

    @Test
    void tablesThatAreNoFilesAreNotOpened() throws Exception {
        Path pipe = folder.resolve("pipe.csv");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> CaptionTableReader.open(pipe, "", TableColumns.usual()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("pipe.csv")
                .hasMessageContaining("a pipe or a device");
    }

    @Test
    void aCellCannotSteerTheTerminalThatShowsIt() {
        assertThatThrownBy(() -> open("\u001b[2J\u202eb,\"two\nlines\"\nx,y\n"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("\\u001b[2J\\u202eb, two\\u000alines");
    }
}
