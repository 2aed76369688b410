package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders from strangers: links in circles, links without end, and things that only look like images. */
@Timeout(60)
class HostileFolderTest {
    @TempDir
    Path folder;

    @AfterEach
    void nothingStaysOpen() {
        OpenFiles.assertNoneBelow(folder);
    }

    @Test
    void linksInCirclesAreRefused() throws IOException {
        Path cats = Files.createDirectory(folder.resolve("cat"));
        Files.write(cats.resolve("1.png"), Images.png(1));
        Files.createSymbolicLink(cats.resolve("again"), cats);
        assertThatThrownBy(() -> FolderReader.open(folder, ""))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("cat: cannot be listed");
        assertThatThrownBy(() -> ImageList.open(List.of(folder)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("cannot be listed");
    }

    /** Sixteen folders with ten links each to the next make ten million billion paths to one image. */
    @Test
    void linksThatMultiplyAreCounted() throws IOException {
        Path last = Files.createDirectory(folder.resolve("16"));
        Files.write(last.resolve("1.png"), Images.png(1));
        for (int level = 15; level > 0; level--) {
            Path here = Files.createDirectory(folder.resolve(Integer.toString(level)));
            for (int i = 0; i < 10; i++) {
                Files.createSymbolicLink(here.resolve("to" + i), here.resolveSibling(Integer.toString(level + 1)));
            }
        }
        Path first = folder.resolve("1");
        assertThatThrownBy(() -> ImageFiles.below(first, Integer.MAX_VALUE, 10_000))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("1: holds more than 10000 files, more than fit into memory")
                .hasMessageContaining("links that lead in circles");
        assertThat(ImageFiles.below(folder.resolve("14"), Integer.MAX_VALUE, 10_000))
                .hasSize(100);
    }

    @Test
    void whatOnlyLooksLikeAnImageIsNoneOrABadSample() throws Exception {
        Path cats = Files.createDirectory(folder.resolve("cat"));
        Files.write(cats.resolve("1.png"), Images.png(1));
        Files.createDirectory(cats.resolve("2.png"));
        Files.createSymbolicLink(cats.resolve("3.png"), folder.resolve("nowhere"));
        Files.createSymbolicLink(cats.resolve("4.png"), cats.resolve("5.png"));
        assertThat(new ProcessBuilder("mkfifo", cats.resolve("5.png").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.write(cats.resolve("6\n.png"), new byte[0]);
        try (Dataset dataset = FolderReader.open(folder, "")) {
            assertThat(dataset.size()).isEqualTo(2);
            assertThat(dataset.sample(0).image().decode().value(0, 0, 0)).isEqualTo(1);
            assertThatThrownBy(() -> dataset.sample(1).image().decode())
                    .hasMessageContaining("6\\u000a.png: the file is empty");
        }
    }

    @Test
    void anImageThatBecomesSomethingElseAfterListingIsABadSample() throws Exception {
        Path cats = Files.createDirectory(folder.resolve("cat"));
        Path image = Files.write(cats.resolve("1.png"), Images.png(1));
        try (Dataset dataset = FolderReader.open(folder, "")) {
            Files.delete(image);
            assertThatThrownBy(() -> dataset.sample(0).image().read())
                    .isInstanceOf(BadSampleException.class)
                    .hasMessageContaining("there is no file");
            assertThat(new ProcessBuilder("mkfifo", image.toString()).start().waitFor())
                    .isZero();
            assertThatThrownBy(() -> dataset.sample(0).image().read())
                    .isInstanceOf(BadSampleException.class)
                    .hasMessageContaining("a pipe or a device");
        }
    }
}
