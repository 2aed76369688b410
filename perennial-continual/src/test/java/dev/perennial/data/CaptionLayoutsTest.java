package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published layouts of captioned photographs, on a few made-up pictures. */
class CaptionLayoutsTest {
    private static final String COCO = """
            {"info": {"year": 2014}, "licenses": [],
             "images": [{"license": 5, "file_name": "COCO_val2014_000000000042.jpg", "height": 20, "width": 20, "id": 42},
                        {"license": 5, "file_name": "COCO_val2014_000000000073.jpg", "height": 20, "width": 20, "id": 73}],
             "annotations": [{"image_id": 73, "id": 1, "caption": "A motorcycle."},
                             {"image_id": 42, "id": 2, "caption": "A dog "},
                             {"image_id": 42, "id": 3, "caption": "Another caption"}]}
            """;

    @TempDir
    Path folder;

    @Test
    void cocoIsReadByYearAndSplit() throws IOException {
        write("annotations/captions_val2014.json", COCO);
        pictures("val2014", "COCO_val2014_000000000042.jpg", "COCO_val2014_000000000073.jpg");
        DatasetSpec spec = spec(".", DatasetFormat.COCO_CAPTIONS);
        assertThat(Datasets.splits(spec, folder, folder)).containsExactly("val2014");
        try (Dataset coco = Datasets.open(spec, folder, "val2014", folder)) {
            assertThat(coco.size()).isEqualTo(2);
            assertThat(coco.languages()).containsExactly("en");
            assertThat(coco.sample(0).key()).isEqualTo("COCO_val2014_000000000042.jpg");
            assertThat(coco.sample(0).captions("en")).containsExactly("A dog", "Another caption");
            assertThat(coco.sample(1).image().decode().width()).isEqualTo(20);
        }
        assertThatThrownBy(() -> Datasets.open(spec, folder, "test2015", folder))
                .hasMessageContaining("[val2014]");
    }

    @Test
    void oneFileInTheFormOfCocoIsAWholeDataSet() throws IOException {
        write("captions_karpathy.json", COCO);
        pictures("val2014", "COCO_val2014_000000000042.jpg", "COCO_val2014_000000000073.jpg");
        DatasetSpec named = DatasetSpec.of("captions_karpathy.json");
        assertThat(Datasets.splits(named, folder, folder)).isEmpty();
        try (Dataset coco = Datasets.open(named, folder, "", folder)) {
            assertThat(coco.size()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"images\": []}",
                "{\"images\": [{\"id\": 1}], \"annotations\": []}",
                "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}], \"annotations\": [{\"image_id\": 2, \"caption\": \"x\"}]}",
                "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}, {\"id\": 1, \"file_name\": \"b.jpg\"}], \"annotations\": []}",
                "{\"images\": [], \"annotations\": []}",
                "[1]"
            })
    void otherFormsOfCocoAreRefused(String text) throws IOException {
        write("captions_x.json", text);
        assertThatThrownBy(() -> Datasets.open(DatasetSpec.of("captions_x.json"), folder, "", folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("captions_x.json");
    }

    @Test
    void karpathysSplitsAreReadWithFoldersAndWithout() throws IOException {
        write("dataset_coco.json", """
                {"dataset": "coco", "images": [
                  {"filepath": "val2014", "sentids": [1], "filename": "a.jpg", "imgid": 0, "split": "test", "cocoid": 1,
                   "sentences": [{"tokens": ["one"], "raw": "One.", "imgid": 0, "sentid": 1}, {"tokens": ["uno"], "raw": "Uno.", "imgid": 0, "sentid": 2}]},
                  {"filepath": "train2014", "filename": "b.jpg", "imgid": 1, "split": "restval", "sentences": [{"raw": "Two."}]}]}
                """);
        pictures("val2014", "a.jpg");
        pictures("train2014", "b.jpg");
        DatasetSpec spec = spec(".", DatasetFormat.KARPATHY);
        assertThat(Datasets.splits(spec, folder, folder)).containsExactly("restval", "test");
        try (Dataset test = Datasets.open(spec, folder, "test", folder)) {
            assertThat(test.name()).isEqualTo("coco");
            assertThat(test.size()).isEqualTo(1);
            assertThat(test.sample(0).captions("en")).containsExactly("One.", "Uno.");
            assertThat(test.sample(0).image().decode().height()).isEqualTo(20);
        }
        write("dataset_flickr8k.json", """
                {"dataset": "flickr8k", "images": [{"filename": "../../x.jpg", "split": "val", "sentences": []}]}
                """);
        assertThatThrownBy(() -> Datasets.open(spec, folder, "val", folder))
                .hasMessageContaining("state the path of one");
        DatasetSpec outside = DatasetSpec.of("dataset_flickr8k.json");
        assertThatThrownBy(() -> Datasets.open(outside, folder, "val", folder)).hasMessageContaining("no image");
    }

    @Test
    void tokenFilesAreReadBySplitAndLanguage() throws IOException {
        write("Flickr8k.token.txt", "1.jpg#0\tA child .\n1.jpg#1\tA girl, in pink .\n2.jpg#0\tA dog .\n");
        write("Flickr8k.de.token.txt", "1.jpg#0\tEin Kind .\n2.jpg#0\tEin Hund .\n");
        write("Flickr_8k.testImages.txt", "1.jpg\n");
        write("Flickr_8k.trainImages.txt", "2.jpg\n");
        pictures("Flicker8k_Dataset", "1.jpg", "2.jpg");
        DatasetSpec spec = spec(".", DatasetFormat.FLICKR_TOKENS);
        assertThat(Datasets.splits(spec, folder, folder)).containsExactlyInAnyOrder("test", "train");
        try (Dataset test = Datasets.open(spec, folder, "test", folder)) {
            assertThat(test.size()).isEqualTo(1);
            assertThat(test.languages()).containsExactlyInAnyOrder("en", "de");
            assertThat(test.sample(0).captions("en")).containsExactly("A child .", "A girl, in pink .");
            assertThat(test.sample(0).captions("de")).containsExactly("Ein Kind .");
        }
    }

    @Test
    void aTextFileWithCommasSplitsAtTheEndOfTheImagesName() throws IOException {
        write("flickr30k_test_karpathy.txt", "image,caption\n1.jpg,The man, with a hat.\n1.jpg,A .jpg, they say.\n");
        pictures("flickr30k-images", "1.jpg");
        try (Dataset test =
                Datasets.open(spec("flickr30k_test_karpathy.txt", DatasetFormat.FLICKR_TOKENS), folder, "", folder)) {
            assertThat(test.sample(0).captions("en")).containsExactly("The man, with a hat.", "A .jpg, they say.");
        }
        write("broken.token", "1.jpg#0\tfine\nnot fine\n");
        assertThatThrownBy(() -> Datasets.open(DatasetSpec.of("broken.token"), folder, "", folder))
                .hasMessageContaining("broken.token: line 2");
    }

    private static DatasetSpec spec(String path, DatasetFormat format) {
        return new DatasetSpec(
                path,
                Optional.of(format),
                Optional.empty(),
                Map.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void pictures(String images, String... names) throws IOException {
        Files.createDirectories(folder.resolve(images));
        for (String name : names) {
            Files.write(folder.resolve(images).resolve(name), Pictures.png("red", name.length()));
        }
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).resolveSibling(""));
        Files.writeString(folder.resolve(file), text);
    }
}
