package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parquet files as DuckDB 1.4 writes them. The four rows of the small ones hold the columns image, caption, lang, label, year (integer), day
 * (date), at (timestamp), score (double), tags (list of texts) and raw (bytes); {@code many} has 5,000 rows in three row groups, {@code zoned} a timestamp with a time zone.
 */
@Timeout(120)
class ParquetTableTest {
    @TempDir
    Path folder;

    @AfterEach
    void nothingStaysOpen() {
        OpenFiles.assertNoneBelow(folder);
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = ParquetTableTest.class.getResourceAsStream("parquet/" + name + ".parquet")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name + ".parquet"), bytes(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "gzip", "uncompressed", "lz4_raw"})
    void readsWhatACsvFileWouldSay(String codec) throws IOException {
        try (Dataset dataset = CaptionTableReader.open(file(codec), "", TableColumns.usual())) {
            assertThat(dataset.name()).isEqualTo(codec);
            assertThat(dataset.size()).isEqualTo(3);
            assertThat(dataset.classNames()).containsExactly("cat", "dog");
            Sample dog = dataset.sample(0);
            assertThat(dog.key()).isEqualTo("photos/1.png");
            assertThat(dog.captions()).isEqualTo(Map.of("en", List.of("a dog"), "de", List.of("ein Hund")));
            assertThat(dog.number("year")).hasValue(2021);
            assertThat(dog.values("day")).containsExactly("2021-03-05");
            assertThat(dog.values("at").getFirst()).isEqualTo("2021-03-05 10:00:00");
            assertThat(dog.values("score")).containsExactly("0.5");
            assertThat(dog.values("tags")).isEmpty();
            assertThat(dog.values("raw")).isEmpty();
            assertThat(dataset.sample(1).captions()).isEqualTo(Map.of("de", List.of("größer")));
            assertThat(dataset.sample(2).captions()).isEmpty();
            assertThat(dataset.sample(2).number("year")).isEmpty();
        }
    }

    @Test
    void rowGroupsFollowEachOther() throws IOException {
        Table table = Table.read(file("many"));

        assertThat(table.header()).containsExactly("image", "caption", "year");
        assertThat(table.rows()).hasSize(5_000);
        for (int row = 0; row < 5_000; row++) {
            assertThat(table.rows().get(row))
                    .isEqualTo(new Table.Row(
                            row + 1, List.of("p/" + row + ".png", "caption " + row, "" + (2000 + row / 1000))));
        }
    }

    /** The file says 02:00 in UTC, which is still the day before in America. */
    @Test
    void momentsDoNotDependOnWhereTheMachineStands() throws IOException {
        assertThat(Table.read(file("zoned")).rows().getFirst().cells())
                .containsExactly("a.png", "2021-03-05 02:00:00+00");
    }

    @Test
    void aNameIsNoPattern() throws IOException {
        Path odd = Files.write(folder.resolve("a[b]*?.parquet"), bytes("zstd"));
        Files.write(folder.resolve("ab.parquet"), bytes("many"));

        assertThat(Table.read(odd).rows()).hasSize(4);
    }

    @Test
    void aFolderMayHoldATableForEachSplit() throws IOException {
        Files.write(folder.resolve("train.parquet"), bytes("zstd"));
        Files.writeString(folder.resolve("test.csv"), "image,label\nx.png,bird\n");

        try (Dataset dataset = CaptionTableReader.open(folder, "train", TableColumns.usual())) {
            assertThat(dataset.size()).isEqualTo(3);
            assertThat(dataset.classNames()).containsExactly("bird", "cat", "dog");
        }
    }

    @Test
    void whatCannotBeHeldOrReadIsRefusedByName() throws IOException {
        Path many = file("many");
        assertThatThrownBy(() -> Table.read(many, new Table.Limits(4_999, 100_000, 1_000_000)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("many.parquet: has more than 4999 rows")
                .hasMessageContaining("-Xmx");
        Path text = Files.writeString(folder.resolve("t.parquet"), "image,caption\na.png,b\n");
        assertThatThrownBy(() -> Table.read(text))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("t.parquet: cannot be read as a table")
                .message()
                .doesNotContain("SELECT");
    }

    /** A damaged file is read or refused; it does not hang, exhaust memory or end in an error of the reader's own. */
    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "gzip", "uncompressed"})
    void damagedFilesAreReadOrRefused(String codec) throws IOException {
        byte[] whole = bytes(codec);
        var random = new Random(7);
        Path file = folder.resolve("damaged.parquet");
        for (int round = 0; round < 100; round++) {
            byte[] damaged =
                    random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                Table.read(file);
            } catch (DatasetException e) {
                assertThat(e).hasMessageContaining("damaged.parquet");
            }
        }
    }
}
