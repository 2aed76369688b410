package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebDatasetReaderTest {
    @TempDir
    Path folder;

    @TempDir
    Path cache;

    private ShardOptions options() {
        return new ShardOptions(cache, false);
    }

    private Dataset open(String split) {
        return WebDatasetReader.open(folder, split, options());
    }

    private void manifest(String splits) throws IOException {
        Files.writeString(folder.resolve("dataset.json"), """
                {"name": "pets", "licence": "none", "classes": ["cat", "dog"], "templates": ["a photo of a {}."],
                 "languages": ["en", "de"], "splits": {%s}}""".formatted(splits));
    }

    @Test
    void givesEverythingThatShardAndManifestSayAboutASample() throws IOException {
        new Tar()
                .file("train00.png", Images.png(7))
                .file("train00.json", """
                        {"label": 1, "class": "dog", "captions": {"en": ["a dog", "a pet"], "de": ["ein Hund"]},
                         "tags": ["fur", "tail"], "year": 2015, "time": 3, "domain": "noto", "note": null}""")
                .file("train00.cls", "1\n")
                .file("train00.txt", "ignored, for the captions are in the .json")
                .to(folder.resolve("train-00000.tar.gz"));
        manifest("\"train\": {\"shards\": [\"train-00000.tar.gz\"], \"count\": 1}");

        try (Dataset dataset = open("train")) {
            assertThat(dataset.size()).isEqualTo(1);
            assertThat(dataset.info())
                    .isEqualTo(new DatasetInfo(
                            "pets", "train", List.of("cat", "dog"), List.of("a photo of a {}."), List.of("en", "de")));
            Sample sample = dataset.sample(0);
            assertThat(sample.key()).isEqualTo("train00");
            assertThat(sample.label()).isEqualTo(OptionalInt.of(1));
            assertThat(sample.className()).contains("dog");
            assertThat(sample.captions()).isEqualTo(Map.of("en", List.of("a dog", "a pet"), "de", List.of("ein Hund")));
            assertThat(sample.values("tags")).containsExactly("fur", "tail");
            assertThat(sample.values("domain")).containsExactly("noto");
            assertThat(sample.values("class")).containsExactly("dog");
            assertThat(sample.values("note")).isEmpty();
            assertThat(sample.number("year")).hasValue(2015);
            assertThat(sample.number("time")).hasValue(3);
            assertThat(sample.image().read()).isEqualTo(Images.png(7));
            assertThat(sample.image().name()).isEqualTo("pets/train train-00000.tar.gz train00.png");
            assertThat(sample.image().decode().value(0, 0, 0)).isEqualTo(7);
        }
    }

    @Test
    void readsPlainAndPackedShardsAlikeAndInOrder() {
        new Tar().sample("b", 1, 0).sample("a", 2, 1).to(folder.resolve("train-00000.tar"));
        new Tar().sample("c", 3, 0).to(folder.resolve("train-00001.tar.gz"));
        new Tar().sample("x", 9, 0).to(folder.resolve("test-00000.tar"));

        try (Dataset dataset = open("train")) {
            assertThat(dataset.size()).isEqualTo(3);
            assertThat(List.of(
                            dataset.sample(0).key(),
                            dataset.sample(1).key(),
                            dataset.sample(2).key()))
                    .containsExactly("b", "a", "c");
            assertThat(dataset.sample(2).position()).isEqualTo(2);
            assertThat(dataset.sample(2).image().decode().value(0, 0, 0)).isEqualTo(3);
            assertThat(dataset.labels()).containsExactly(0, 1, 0);
        }
    }

    @Test
    void unpacksAPackedShardOnceOnly() throws IOException {
        new Tar().sample("a", 1, 0).to(folder.resolve("train-00000.tar.gz"));
        open("train").close();
        Path unpacked;
        try (var files = Files.list(cache)) {
            unpacked = files.toList().getFirst();
        }
        assertThat(unpacked.getFileName().toString())
                .isEqualTo(ContentHash.ofFile(folder.resolve("train-00000.tar.gz")) + ".tar");
        Object before = Files.readAttributes(unpacked, "unix:ino").get("ino");

        open("train").close();

        assertThat(Files.readAttributes(unpacked, "unix:ino").get("ino")).isEqualTo(before);
    }

    @Test
    void findsClassNamesAndLanguagesWhereNoManifestStatesThem() {
        new Tar()
                .file("a.png", Images.png(1))
                .file("a.json", "{\"label\": 2, \"class\": \"fox\"}")
                .file("b.png", Images.png(2))
                .file("b.json", "{\"label\": 0, \"class\": \"cat\", \"captions\": {\"fr\": \"un chat\"}}")
                .to(folder.resolve("all.tar"));

        try (Dataset dataset = open("")) {
            assertThat(dataset.classNames()).containsExactly("cat", "1", "fox");
            assertThat(dataset.languages()).containsExactly("fr");
            assertThat(dataset.sample(1).captions("fr")).containsExactly("un chat");
        }
    }

    @Test
    void takesATextMemberAsCaptionInTheFirstLanguage() {
        new Tar().file("a.jpg", new byte[] {1}).file("a.txt", " a caption \n").to(folder.resolve("train-0.tar"));

        try (Dataset dataset = open("train")) {
            assertThat(dataset.sample(0).captions()).isEqualTo(Map.of("en", List.of("a caption")));
            assertThat(dataset.sample(0).label()).isEmpty();
            assertThat(dataset.classNames()).isEmpty();
        }
    }

    @Test
    void distinguishesEqualKeysOfDifferentShards() {
        new Tar().sample("0", 1, 0).to(folder.resolve("train-00000.tar"));
        new Tar().sample("0", 2, 0).to(folder.resolve("train-00001.tar"));

        try (Dataset dataset = open("train")) {
            assertThat(dataset.sample(0).key()).isEqualTo("0");
            assertThat(dataset.sample(1).key()).isEqualTo("train-00001.tar/0");
        }
    }

    @Test
    void readsLongNamesOfBothKindsAndKeysInFolders() {
        String deep = "folder/".repeat(30);
        new Tar().sample(deep + "a", 1, 0).to(folder.resolve("train-0.tar"));
        new Tar().posixLongNames().sample(deep + "b", 2, 0).to(folder.resolve("train-1.tar"));

        try (Dataset dataset = open("train")) {
            assertThat(dataset.sample(0).key()).isEqualTo(deep + "a");
            assertThat(dataset.sample(1).key()).isEqualTo(deep + "b");
        }
    }

    @Test
    void saysWhichSplitsThereAre() throws IOException {
        new Tar().sample("a", 1, 0).to(folder.resolve("train-00000.tar"));
        assertThatThrownBy(() -> open("dev"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("no shards of split \"dev\"")
                .hasMessageContaining("train-00000.tar");
        manifest("\"train\": {\"shards\": [\"train-00000.tar\"]}");
        assertThatThrownBy(() -> open("dev"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("has no split \"dev\"; it has train");
    }

    @Test
    void refusesShardsThatAreNotTheStatedOnes() throws IOException {
        Path shard = new Tar().sample("a", 1, 0).to(folder.resolve("train-00000.tar.gz"));
        String other = "0".repeat(64);
        manifest("\"train\": {\"shards\": [\"train-00000.tar.gz\"], \"count\": 2}");
        assertThatThrownBy(() -> open("train"))
                .hasMessageContaining("states 2 samples")
                .hasMessageContaining("hold 1");
        manifest("\"train\": {\"shards\": [\"train-00000.tar.gz\"], \"bytes\": [5]}");
        assertThatThrownBy(() -> open("train")).hasMessageContaining("dataset.json states 5");
        manifest("\"train\": {\"shards\": [\"train-00000.tar.gz\"], \"sha256\": [\"" + other + "\"]}");
        assertThatThrownBy(() -> open("train"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(shard.toString())
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("fetch it again");
        manifest("\"train\": {\"shards\": [\"train-00001.tar.gz\"]}");
        assertThatThrownBy(() -> open("train")).hasMessageContaining("train-00001.tar.gz: this shard is missing");
    }

    @Test
    void verifiesPlainShardsWhenAsked() throws IOException {
        new Tar().sample("a", 1, 0).to(folder.resolve("train-00000.tar"));
        manifest("\"train\": {\"shards\": [\"train-00000.tar\"], \"sha256\": [\"" + "0".repeat(64) + "\"]}");

        open("train").close();
        assertThatThrownBy(() -> WebDatasetReader.open(folder, "train", new ShardOptions(cache, true)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void hashFollowsTheContentsNotThePlace(@TempDir Path other) throws IOException {
        new Tar().sample("a", 1, 0).to(folder.resolve("train-0.tar"));
        Files.copy(folder.resolve("train-0.tar"), other.resolve("train-0.tar"));
        try (Dataset here = open("train");
                Dataset there = WebDatasetReader.open(other, "train", options())) {
            assertThat(there.hash()).isEqualTo(here.hash()).matches("[0-9a-f]{64}");
        }
        new Tar().sample("a", 2, 0).to(other.resolve("train-0.tar"));
        try (Dataset here = open("train");
                Dataset there = WebDatasetReader.open(other, "train", options())) {
            assertThat(there.hash()).isNotEqualTo(here.hash());
        }
    }

    @Test
    void saysThatItIsClosed() {
        new Tar().sample("a", 1, 0).to(folder.resolve("train-0.tar"));
        Dataset dataset = open("train");
        dataset.close();
        assertThatThrownBy(() -> dataset.sample(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
