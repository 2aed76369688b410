package dev.perennial.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetException;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.Datasets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/perennial/bundle");

    @TempDir
    Path folder;

    @Test
    void everyBundledFileIsListed() throws IOException {
        List<String> files = Stream.of("data", "models")
                .flatMap(name -> filesUnder(RESOURCES.resolve(name)))
                .map(path -> RESOURCES.relativize(path).toString())
                .sorted()
                .toList();
        assertThat(Bundle.files()).containsExactlyElementsOf(files);
    }

    @Test
    void everyBundledDataSetHasItsNoticeAndOpens() {
        Path data = new Bundle(folder).data();
        for (String name : List.of("fashion-mnist", "emoji", "openclipart")) {
            assertThat(data.resolve(name).resolve("NOTICE.txt")).isNotEmptyFile();
            for (String split : List.of("train", "test")) {
                try (Dataset set = Datasets.open(DatasetSpec.of(name), data, split, folder.resolve("cache"))) {
                    assertThat(set.size()).isGreaterThan(100);
                    assertThat(set.sample(0).image().decode().width()).isPositive();
                }
            }
        }
    }

    @Test
    void aConfigurationNamesABundledDataSetFromAnywhere() {
        Path cache = folder.resolve("cache/shards");
        try (Dataset set = Datasets.open(DatasetSpec.of("bundled:openclipart"), Path.of("nowhere"), "train", cache)) {
            assertThat(set.sample(0).captions("en")).isNotEmpty();
        }
        for (String unknown : List.of("bundled:no-such-set", "bundled:../data/emoji", "bundled:")) {
            assertThatThrownBy(() -> Datasets.open(DatasetSpec.of(unknown), Path.of("nowhere"), "train", cache))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining(unknown);
        }
    }

    @Test
    void aDamagedCopyIsReplaced() throws IOException {
        Bundle bundle = new Bundle(folder);
        Path notice = bundle.data().resolve("emoji/NOTICE.txt");
        byte[] good = Files.readAllBytes(notice);
        Files.writeString(notice, "cut off");
        bundle.data();
        assertThat(notice).hasBinaryContent(good);
    }

    @Test
    void theBundledModelIsAPlainClip() {
        try (Clip clip = Clip.load(new Bundle(folder).model())) {
            assertThat(clip.config().vision().imageSize()).isEqualTo(64);
            assertThat(clip.tokenizer().vocabularySize())
                    .isEqualTo(clip.config().text().vocabularySize());
            assertThat(clip.embedText("a photo of a dog."))
                    .hasSize(clip.config().embedDim());
        }
    }

    private static Stream<Path> filesUnder(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
