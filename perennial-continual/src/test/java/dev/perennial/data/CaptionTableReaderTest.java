package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptionTableReaderTest {
    @TempDir
    Path folder;

    private Path table(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Dataset open(String content) throws IOException {
        return CaptionTableReader.open(table("t.csv", content), "", TableColumns.usual());
    }

    private String fault(Dataset dataset, int position) {
        try {
            dataset.sample(position);
            throw new AssertionError("the sample is not bad");
        } catch (BadSampleException e) {
            return e.sample().reason();
        }
    }

    @Test
    void joinsTheRowsOfAnImage() throws IOException {
        Files.createDirectory(folder.resolve("photos"));
        Files.write(folder.resolve("photos/1.png"), Images.png(5));
        Dataset dataset = open("""
                image,caption,lang,label,time,photographer
                photos/1.png,"a ""big"" dog, running",en,dog,3,Ann
                photos/2.png,a cat,en,cat,,
                photos/1.png,ein Hund,de,dog,3,Ann
                photos/1.png,a dog,en,dog,3,Ann
                """);

        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.name()).isEqualTo("t");
        assertThat(dataset.classNames()).containsExactly("cat", "dog");
        assertThat(dataset.languages()).containsExactly("en", "de");
        Sample sample = dataset.sample(0);
        assertThat(sample.key()).isEqualTo("photos/1.png");
        assertThat(sample.captions())
                .isEqualTo(Map.of("en", List.of("a \"big\" dog, running", "a dog"), "de", List.of("ein Hund")));
        assertThat(sample.label()).hasValue(1);
        assertThat(sample.number("time")).hasValue(3);
        assertThat(sample.values("photographer")).containsExactly("Ann");
        assertThat(sample.image().decode().value(0, 0, 0)).isEqualTo(5);
        assertThat(dataset.sample(1).number("time")).isEmpty();
        assertThatThrownBy(() -> dataset.sample(1).image().read())
                .isInstanceOf(BadSampleException.class)
                .hasMessageContaining("there is no file");
    }

    @Test
    void readsWindowsLineEndsByteOrderMarksAndTabs() throws IOException {
        Path file = table("t.tsv", "\uFEFFfilepath\ttitle\r\na.png\tone, two\r\n\r\nb.png\t\"three\r\nfour\"\r\n");

        Dataset dataset = CaptionTableReader.open(file, "", TableColumns.usual());

        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.sample(0).captions("en")).containsExactly("one, two");
        assertThat(dataset.sample(1).captions("en")).containsExactly("three\r\nfour");
    }

    @Test
    void takesTheColumnsThatAreStated() throws IOException {
        Path file =
                table("t.csv", "id,photo,english,german,de2,part\n1,a.png,dog,Hund,Köter,dev\n2,b.png,cat,,,train\n");
        var columns = new TableColumns(
                Optional.of("photo"),
                Map.of("en", OneOrMore.of("english"), "de", OneOrMore.of("german", "de2")),
                Optional.empty(),
                Optional.empty(),
                Optional.of("part"),
                Optional.empty());

        Dataset dev = CaptionTableReader.open(file, "dev", columns);

        assertThat(dev.size()).isEqualTo(1);
        assertThat(dev.sample(0).captions()).isEqualTo(Map.of("en", List.of("dog"), "de", List.of("Hund", "Köter")));
        assertThat(dev.sample(0).values("id")).containsExactly("1");
        assertThat(CaptionTableReader.splits(file, columns)).containsExactly("dev", "train");
        assertThatThrownBy(() -> CaptionTableReader.open(file, "test", columns))
                .hasMessageContaining("no rows of split \"test\"");
    }

    @Test
    void labelsAgreeBetweenTheTablesOfAFolder() throws IOException {
        table("train.csv", "image,label\na.png,cat\nb.png,dog\n");
        table("test.csv", "image,label\nc.png,dog\n");

        Dataset test = CaptionTableReader.open(folder, "test", TableColumns.usual());

        assertThat(test.classNames()).containsExactly("cat", "dog");
        assertThat(test.labels()).containsExactly(1);
        assertThat(test.size()).isEqualTo(1);
    }

    @Test
    void rowsThatCannotBeUsedAreBadSamples() throws IOException {
        Dataset dataset = open("""
                image,label
                a.png,0
                ,1
                https://example.org/b.png,1
                c.png
                d.png,1,2
                e.png,
                a.png,1
                f.png,1
                """);

        assertThat(dataset.size()).isEqualTo(7);
        assertThat(fault(dataset, 0)).isEqualTo("its rows differ in their label");
        assertThat(fault(dataset, 1)).isEqualTo("its column \"image\" is empty");
        assertThat(fault(dataset, 2)).contains("fetch the images first");
        assertThat(fault(dataset, 3)).isEqualTo("it has 1 cells but the header has 2");
        assertThat(fault(dataset, 4)).isEqualTo("it has 3 cells but the header has 2");
        assertThat(fault(dataset, 5)).isEqualTo("it has no label");
        assertThat(dataset.sample(6).label()).hasValue(1);
        assertThat(dataset.labels()).containsExactly(-1, -1, -1, -1, -1, -1, 1);
    }

    @Test
    void tablesThatCannotBeReadSaySo() throws IOException {
        assertThatThrownBy(() -> open("picture,caption\na.png,x\n"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("none of its columns (picture, caption)");
        assertThatThrownBy(() -> open("image,caption\na.png,\"never closed\n"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("cannot be read as a table");
        assertThatThrownBy(() -> open("image,image\na.png,x\n")).isInstanceOf(DatasetException.class);
        assertThatThrownBy(() -> open("")).isInstanceOf(DatasetException.class);
        assertThatThrownBy(() -> open("image\n")).hasMessageContaining("has no rows");
        Path latin = Files.write(
                folder.resolve("l.csv"), "image,caption\na.png,\u00e9t\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CaptionTableReader.open(latin, "", TableColumns.usual()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("is not UTF-8");
        Path plain = table("p.csv", "image\na.png\n");
        assertThatThrownBy(() -> CaptionTableReader.open(plain, "train", TableColumns.usual()))
                .hasMessageContaining("no column that says which rows are of split \"train\"");
    }
}
