package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderReaderTest {
    @TempDir
    Path folder;

    private void image(String path, int red) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, Images.png(red));
    }

    @Test
    void foldersAreClassesInOrderOfName() throws IOException {
        image("polar_bear/2.png", 20);
        image("polar_bear/1.PNG", 10);
        image("cat/deeper/x.png", 30);
        image("cat/.hidden.png", 1);
        Files.writeString(folder.resolve("cat/readme.txt"), "no image");

        try (Dataset dataset = FolderReader.open(folder, "")) {
            assertThat(dataset.classNames()).containsExactly("cat", "polar bear");
            assertThat(dataset.size()).isEqualTo(3);
            assertThat(dataset.labels()).containsExactly(0, 1, 1);
            assertThat(dataset.sample(0).key()).isEqualTo("cat/deeper/x.png");
            assertThat(dataset.sample(1).image().decode().value(0, 0, 0)).isEqualTo(10);
            assertThat(dataset.sample(1).className()).contains("polar bear");
        }
    }

    @Test
    void labelsAgreeBetweenSplitsThatLackAClass() throws IOException {
        image("train/cat/1.png", 1);
        image("train/dog/1.png", 1);
        image("test/dog/1.png", 1);

        try (Dataset test = FolderReader.open(folder, "test")) {
            assertThat(test.classNames()).containsExactly("cat", "dog");
            assertThat(test.labels()).containsExactly(1);
            assertThat(test.split()).isEqualTo("test");
        }
    }

    @Test
    void imagesWithoutFoldersAreUnlabelled() throws IOException {
        image("b.png", 1);
        image("a.png", 1);

        try (Dataset dataset = FolderReader.open(folder, "")) {
            assertThat(dataset.classNames()).isEmpty();
            assertThat(dataset.sample(0).key()).isEqualTo("a.png");
            assertThat(dataset.sample(0).label()).isEmpty();
        }
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThatThrownBy(() -> FolderReader.open(folder, ""))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("holds no images");
        assertThatThrownBy(() -> FolderReader.open(folder, "test"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("there is no such folder");
        image("cat/1.png", 1);
        try (Dataset dataset = FolderReader.open(folder, "")) {
            Files.delete(folder.resolve("cat/1.png"));
            assertThatThrownBy(() -> dataset.sample(0).image().read())
                    .isInstanceOf(BadSampleException.class)
                    .hasMessageContaining("there is no file");
        }
    }

    @Test
    void hashFollowsNamesAndSizes() throws IOException {
        image("cat/1.png", 1);
        String before = FolderReader.open(folder, "").hash();
        assertThat(FolderReader.open(folder, "").hash()).isEqualTo(before);
        image("cat/2.png", 1);
        assertThat(FolderReader.open(folder, "").hash()).isNotEqualTo(before);
    }
}
