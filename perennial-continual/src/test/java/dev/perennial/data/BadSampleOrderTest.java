package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the reader, bad samples leave the order of the good ones alone, and too many stop the run. */
@Timeout(120)
class BadSampleOrderTest {
    private static final int SAMPLES = 100;

    @TempDir
    Path folder;

    private Dataset open(DatasetFormat format, int badEvery) throws IOException {
        return switch (format) {
            case WEBDATASET -> {
                var tar = new Tar();
                for (int i = 0; i < SAMPLES; i++) {
                    tar.file(name(i) + ".png", image(i, badEvery)).file(name(i) + ".cls", "0");
                }
                tar.to(folder.resolve("train-0.tar.gz"));
                yield WebDatasetReader.open(folder, "train", new ShardOptions(folder.resolve("cache"), false));
            }
            case FOLDER -> {
                writeImages("class", badEvery);
                yield FolderReader.open(folder, "");
            }
            case TABLE -> {
                writeImages("images", badEvery);
                var table = new StringBuilder("image,caption\n");
                IntStream.range(0, SAMPLES).forEach(i -> table.append("images/" + name(i) + ".png,number " + i + "\n"));
                Path file = Files.writeString(folder.resolve("t.csv"), table);
                yield CaptionTableReader.open(file, "", TableColumns.usual());
            }
            default -> throw new IllegalArgumentException(format + " has a form of its own and is tested apart");
        };
    }

    private void writeImages(String name, int badEvery) throws IOException {
        Path images = Files.createDirectory(folder.resolve(name));
        for (int i = 0; i < SAMPLES; i++) {
            Files.write(images.resolve(name(i) + ".png"), image(i, badEvery));
        }
    }

    private static String name(int i) {
        return "%03d".formatted(i);
    }

    private static boolean isBad(int i, int badEvery) {
        return i % badEvery == badEvery - 1;
    }

    private static byte[] image(int i, int badEvery) {
        byte[] png = Images.png(i);
        return isBad(i, badEvery) ? Arrays.copyOf(png, png.length / 2) : png;
    }

    @ParameterizedTest
    @CsvSource({"WEBDATASET,100", "WEBDATASET,10", "FOLDER,100", "FOLDER,10", "TABLE,100", "TABLE,10"})
    void theGoodOnesFollowOneAnotherAsWithoutTheBadOnes(DatasetFormat format, int badEvery) throws IOException {
        var bad = new BadSamples();
        var sampler = BatchSampler.sequential(SAMPLES, 8);
        var reds = new ArrayList<Float>();
        var sizes = new ArrayList<Integer>();
        try (Dataset dataset = open(format, badEvery);
                Loader loader = new Loader(
                        dataset,
                        sampler,
                        sampler.start(),
                        (image, random) -> new float[] {image.value(0, 0, 0)},
                        LoaderOptions.withSeed(0).withThreads(3),
                        bad)) {
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                sizes.add(batch.size());
                for (float red : batch.pixels()) {
                    reds.add(red);
                }
            }
        }
        List<Float> good = IntStream.range(0, SAMPLES)
                .filter(i -> !isBad(i, badEvery))
                .mapToObj(i -> (float) i)
                .toList();
        assertThat(reds).isEqualTo(good);
        assertThat(sizes.subList(0, sizes.size() - 1)).containsOnly(8);
        assertThat(bad.list())
                .hasSize(SAMPLES / badEvery)
                .allSatisfy(sample -> assertThat(sample.key()).contains("9"));
    }

    @ParameterizedTest
    @CsvSource({"WEBDATASET", "FOLDER", "TABLE"})
    void nothingButBadSamplesIsAnError(DatasetFormat format) throws IOException {
        var sampler = BatchSampler.shuffled(SAMPLES, 8, 1);
        try (Dataset dataset = open(format, 1);
                Loader loader = new Loader(
                        dataset,
                        sampler,
                        sampler.start(),
                        (image, random) -> new float[1],
                        LoaderOptions.withSeed(0).withMaxBadShare(1),
                        new BadSamples())) {
            assertThatThrownBy(loader::hasNext)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("all 100 samples are bad");
        }
    }
}
