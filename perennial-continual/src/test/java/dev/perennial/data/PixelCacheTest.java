package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelCacheTest {
    @TempDir
    Path folder;

    private final AtomicInteger decoded = new AtomicInteger();
    private final List<Integer> progress = new ArrayList<>();

    private PixelCache open(Dataset dataset, String fingerprint) {
        UnaryOperator<RgbImage> square = image -> {
            decoded.incrementAndGet();
            return image.crop(0, 0, 2, 2);
        };
        return PixelCache.open(dataset, 2, fingerprint, square, folder, 3, (done, total) -> progress.add(done));
    }

    private Path file() throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    @Test
    void decodesEveryImageOnceAndForAll() throws IOException {
        Dataset dataset = FakeDataset.of(150);
        try (PixelCache cache = open(dataset, "a")) {
            assertThat(decoded).hasValue(150);
            assertThat(progress).containsExactly(64, 128, 150);
            for (int i = 0; i < 150; i++) {
                assertThat(cache.sample(i).image().decode())
                        .isEqualTo(dataset.sample(i).image().decode().crop(0, 0, 2, 2));
            }
            assertThat(cache.sample(3).image().read()).isEqualTo(Images.png(3));
            assertThat(cache.hash()).isEqualTo(dataset.hash());
        }
        assertThat(Files.size(file())).isEqualTo(PixelFile.HEADER + 150 * 12 + 2);
        try (PixelCache cache = open(dataset, "a")) {
            assertThat(cache.select(new int[] {7}).sample(0).image().decode().value(1, 1, 0))
                    .isEqualTo(7);
            assertThat(decoded).hasValue(150);
        }
    }

    @Test
    void remembersBadSamples() {
        for (int opening = 0; opening < 2; opening++) {
            try (PixelCache cache = open(FakeDataset.of(5, position -> position == 3), "a")) {
                assertThat(cache.size()).isEqualTo(5);
                assertThatThrownBy(() -> cache.sample(3).image().decode())
                        .isInstanceOf(BadSampleException.class)
                        .hasMessageContaining("fake/train k3");
            }
        }
        assertThat(decoded).hasValue(4);
        assertThatThrownBy(() -> open(FakeDataset.of(4, position -> true), "a"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("all 4 samples are bad");
    }

    @Test
    void otherDataOrPreparationGetAnotherFile() throws IOException {
        open(FakeDataset.of(5), "a").close();
        open(FakeDataset.of(5), "b").close();
        open(FakeDataset.of(6), "a").close();
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
        assertThat(decoded).hasValue(16);
    }

    @Test
    void aFileThatIsNotWholeIsBuiltAnew() throws IOException {
        open(FakeDataset.of(5), "a").close();
        byte[] whole = Files.readAllBytes(file());
        byte[] otherHeader = whole.clone();
        otherHeader[20]++;
        byte[] otherList = whole.clone();
        otherList[whole.length - 1] = '?';
        for (byte[] damaged : List.of(new byte[0], Arrays.copyOf(whole, whole.length - 1), otherHeader, otherList)) {
            Files.write(file(), damaged);
            open(FakeDataset.of(5), "a").close();
            assertThat(Files.readAllBytes(file())).isEqualTo(whole);
        }
    }

    @Test
    void aFaultLeavesNothingBehind() {
        UnaryOperator<RgbImage> faulty = image -> image;
        assertThatThrownBy(() -> PixelCache.open(FakeDataset.of(5), 2, "a", faulty, folder, 1, (done, total) -> {}))
                .isInstanceOf(LoaderException.class)
                .hasMessageContaining("fake/train k0")
                .hasMessageContaining("not to 2 x 2");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void holdsTheSquaresOfAPreprocessing() {
        var preprocessing = Preprocessing.openai(8);
        Dataset dataset = FakeDataset.of(2);
        try (PixelCache cache = PixelCache.open(dataset, preprocessing, folder, 2, (done, total) -> {})) {
            assertThat(cache.sample(1).image().decode())
                    .isEqualTo(preprocessing.square(dataset.sample(1).image().decode()));
        }
    }
}
