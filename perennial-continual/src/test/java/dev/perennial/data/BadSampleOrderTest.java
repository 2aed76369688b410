package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
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
        return open(folder, format, badEvery, IntStream.range(0, SAMPLES).toArray());
    }

    private static Dataset open(Path folder, DatasetFormat format, int badEvery, int[] samples) throws IOException {
        Files.createDirectories(folder);
        return switch (format) {
            case WEBDATASET -> {
                var tar = new Tar();
                for (int i : samples) {
                    tar.file(name(i) + ".png", image(i, badEvery)).file(name(i) + ".cls", "0");
                }
                tar.to(folder.resolve("train-0.tar.gz"));
                yield WebDatasetReader.open(folder, "train", new ShardOptions(folder.resolve("cache"), false));
            }
            case FOLDER -> {
                writeImages(folder.resolve("class"), badEvery, samples);
                yield FolderReader.open(folder, "");
            }
            case TABLE -> {
                writeImages(folder.resolve("images"), badEvery, samples);
                var table = new StringBuilder("image,caption\n");
                Arrays.stream(samples).forEach(i -> table.append("images/" + name(i) + ".png,number " + i + "\n"));
                Path file = Files.writeString(folder.resolve("t.csv"), table);
                yield CaptionTableReader.open(file, "", TableColumns.usual());
            }
            default -> throw new IllegalArgumentException(format + " has a form of its own and is tested apart");
        };
    }

    private static void writeImages(Path images, int badEvery, int[] samples) throws IOException {
        Files.createDirectories(images);
        for (int i : samples) {
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

    /** Bit for bit the loss of a data set that never had the bad ones. */
    @ParameterizedTest
    @CsvSource({"WEBDATASET,100", "WEBDATASET,10", "FOLDER,100", "FOLDER,10", "TABLE,100", "TABLE,10"})
    void theLossIsThatOfTheGoodOnesAlone(DatasetFormat format, int badEvery) throws IOException {
        int[] good =
                IntStream.range(0, SAMPLES).filter(i -> !isBad(i, badEvery)).toArray();
        try (Clip clip = TinyClip.create(3);
                Dataset whole = open(
                        folder.resolve("whole"),
                        format,
                        badEvery,
                        IntStream.range(0, SAMPLES).toArray());
                Dataset without = open(folder.resolve("without"), format, badEvery, good)) {
            assertThat(losses(clip, whole))
                    .isEqualTo(losses(clip, without))
                    .hasSize(Math.ceilDiv(good.length, 8))
                    .allMatch(Float::isFinite);
        }
    }

    private static List<Float> losses(Clip clip, Dataset dataset) {
        var losses = new ArrayList<Float>();
        var sampler = BatchSampler.sequential(dataset.size(), 8);
        try (Loader loader = new Loader(
                dataset,
                sampler,
                sampler.start(),
                (image, random) -> clip.preprocessing().apply(image),
                LoaderOptions.withSeed(0).withThreads(3),
                new BadSamples())) {
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                List<String> names = batch.samples().stream().map(Sample::key).toList();
                try (var _ = new TensorScope()) {
                    losses.add(ContrastiveLoss.clip(
                                    clip.encodeImages(Tensors.of(
                                            batch.pixels(), batch.size(), 3, batch.imageSize(), batch.imageSize())),
                                    clip.encodeTexts(clip.tokens(names)),
                                    clip.parameters().get("logit_scale"))
                            .item_float());
                }
            }
        }
        return losses;
    }
}
