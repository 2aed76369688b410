package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class DatasetsTest {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @TempDir
    Path base;

    @BeforeEach
    void makeShards() throws IOException {
        Path folder = Files.createDirectory(base.resolve("emoji"));
        var train = new Tar();
        for (int i = 0; i < 12; i++) {
            train.file("a" + i + ".png", Images.png(i)).file("a" + i + ".json", """
                            {"label": %d, "group": "g%d", "year": %d, "domain": "%s", "tags": ["t%d", "all"]}""".formatted(
                            i % 2, i % 3, 2010 + i % 4, i < 6 ? "noto" : "twemoji", i % 2));
        }
        train.to(folder.resolve("train-00000.tar"));
        new Tar()
                .file("b.png", Images.png(1))
                .file("b.json", "{\"label\": 0, \"group\": \"a test group\"}")
                .to(folder.resolve("test-00000.tar"));
        Files.writeString(folder.resolve("dataset.json"), """
                {"name": "emoji", "classes": ["even", "odd"], "templates": ["an emoji of {}."],
                 "splits": {"train": {"shards": ["train-00000.tar"]}, "test": {"shards": ["test-00000.tar"]}}}""");
    }

    private Dataset open(String spec, String split) {
        return Datasets.open(STRICT.readValue(spec, DatasetSpec.class), base, split, base.resolve("cache"));
    }

    @Test
    void onlyThePathIsNeeded() {
        try (Dataset dataset = open("{\"path\": \"emoji\"}", "train")) {
            assertThat(dataset.size()).isEqualTo(12);
            assertThat(dataset.info().title()).isEqualTo("emoji/train");
        }
        assertThat(Datasets.splits(DatasetSpec.of("emoji"), base, base)).containsExactly("train", "test");
    }

    @Test
    void everySettingHolds() {
        String spec = """
                {"path": "emoji", "format": "webdataset", "name": "mine", "splits": {"test": "train"},
                 "classes": ["gerade", "ungerade"], "templates": ["ein {}"], "where": {"domain": "noto", "year": [2010, "2011"]},
                 "limit": 2, "verify": true}""";
        try (Dataset dataset = open(spec, "test")) {
            assertThat(dataset.info().title()).isEqualTo("mine/train");
            assertThat(dataset.classNames()).containsExactly("gerade", "ungerade");
            assertThat(dataset.templates()).containsExactly("ein {}");
            assertThat(dataset.size()).isEqualTo(2);
            assertThat(dataset.sample(0).key()).isEqualTo("a0");
            assertThat(dataset.sample(1).key()).isEqualTo("a1");
        }
    }

    @Test
    void shotsApplyToTheTrainingSplitOnly() {
        String spec = "{\"path\": \"emoji\", \"shots\": 1, \"shots-seed\": 5, \"where\": {\"tags\": \"all\"}}";
        try (Dataset train = open(spec, "train")) {
            assertThat(train.labels()).containsExactlyInAnyOrder(0, 1);
        }
        try (Dataset test = open("{\"path\": \"emoji\", \"shots\": 1}", "test")) {
            assertThat(test.size()).isEqualTo(1);
        }
    }

    @Test
    void classesFromAnAttributeAgreeBetweenSplits() {
        String spec = "{\"path\": \"emoji\", \"class-attribute\": \"group\"}";
        try (Dataset train = open(spec, "train");
                Dataset test = open(spec, "test")) {
            assertThat(train.classNames()).containsExactly("a test group", "g0", "g1", "g2");
            assertThat(test.classNames()).isEqualTo(train.classNames());
            assertThat(train.labels()).startsWith(1, 2, 3, 1);
        }
    }

    @Test
    void findsOutHowADataSetIsStored() throws IOException {
        Files.createDirectories(base.resolve("pictures/cat"));
        Files.write(base.resolve("pictures/cat/1.png"), Images.png(1));
        Files.writeString(base.resolve("table.csv"), "image,caption\npictures/cat/1.png,a cat\n");
        try (Dataset folder = open("{\"path\": \"pictures\"}", "");
                Dataset table =
                        open("{\"path\": \"table.csv\", \"columns\": {\"captions\": {\"en\": \"caption\"}}}", "");
                Dataset shard = open("{\"path\": \"emoji/test-00000.tar\"}", "");
                Dataset shards = open("{\"path\": \"emoji/*-00000.tar\"}", "")) {
            assertThat(folder.classNames()).containsExactly("cat");
            assertThat(table.sample(0).captions("en")).containsExactly("a cat");
            assertThat(table.sample(0).image().decode().value(0, 0, 0)).isEqualTo(1);
            assertThat(shard.size()).isEqualTo(1);
            assertThat(shards.size()).isEqualTo(13);
        }
    }

    @Test
    void saysWhatIsWrongWithASpecification() {
        assertThatThrownBy(() -> open("{\"path\": \"nowhere\"}", "train"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("there is no such data set");
        assertThatThrownBy(() -> open("{\"path\": \"emoji/x*.tar\"}", "train")).hasMessageContaining("no shard has");
        assertThatThrownBy(() -> open("{\"path\": \"emoji/dataset.json\"}", "train"))
                .hasMessageContaining("name the folder");
        assertThatThrownBy(() -> open("{\"path\": \"emoji\", \"where\": {\"domain\": \"x\"}}", "train"))
                .hasMessageContaining("no sample is left of 12");
        assertThatThrownBy(() -> open("{\"path\": \"emoji\", \"class-attribute\": \"colour\"}", "train"))
                .hasMessageContaining("no sample has the attribute \"colour\"");
        assertThatThrownBy(() -> open("{\"path\": \"emoji\", \"templates\": [\"a photo\"]}", "train"))
                .hasMessageContaining("has no {}");
        assertThatThrownBy(() -> open("{\"path\": \"emoji\", \"limit\": 0}", "train"))
                .hasMessageContaining("limit must be at least 1");
        assertThatThrownBy(() -> open("{\"path\": \"emoji\", \"where\": {\"domain\": []}}", "train"))
                .hasMessageContaining("at least one");
    }
}
