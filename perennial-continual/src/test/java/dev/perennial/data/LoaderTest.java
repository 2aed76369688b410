package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.data.BatchSampler.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoaderTest {
    private final BadSamples bad = new BadSamples();

    /** Gives the red value, which is the position of the sample, and two random numbers. */
    private static float[] prepare(RgbImage image, RandomGenerator random) {
        return new float[] {image.value(0, 0, 0), random.nextFloat(), random.nextFloat()};
    }

    private Loader loader(Dataset dataset, BatchSampler sampler, Position from, LoaderOptions options) {
        return new Loader(dataset, sampler, from, LoaderTest::prepare, options, bad);
    }

    private Loader loader(Dataset dataset, BatchSampler sampler) {
        return loader(dataset, sampler, sampler.start(), LoaderOptions.withSeed(1));
    }

    private static List<String> keys(LoadedBatch batch) {
        return batch.samples().stream().map(Sample::key).toList();
    }

    private static List<String> drain(Loader loader, int most) {
        var seen = new ArrayList<String>();
        while (seen.size() < most && loader.hasNext()) {
            LoadedBatch batch = loader.next();
            seen.add(keys(batch) + Arrays.toString(batch.pixels()) + batch.next());
        }
        return seen;
    }

    private static long loaderThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("loader fake"))
                .count();
    }

    @Test
    void packsPixelsAndSamplesInTheOrderOfTheSampler() {
        var sampler = BatchSampler.ordered(new int[] {4, 1, 3}, 2);
        try (Loader loader = loader(FakeDataset.of(5), sampler)) {
            LoadedBatch first = loader.next();
            assertThat(keys(first)).containsExactly("k4", "k1");
            assertThat(first.pixels()).hasSize(6).startsWith(4);
            assertThat(first.pixels()[3]).isEqualTo(1);
            assertThat(first.labels()).containsExactly(0, 1);
            assertThat(first.imageSize()).isEqualTo(1);
            assertThat(keys(loader.next())).containsExactly("k3");
            assertThat(loader.hasNext()).isFalse();
            assertThat(loader.hasNext()).isFalse();
        }
    }

    @Test
    void threadsChangeNothing() {
        var sampler = BatchSampler.shuffled(30, 7, 5);
        IntPredicate everyTenth = position -> position % 10 == 3;
        List<String> alone;
        try (Loader loader = loader(
                FakeDataset.of(30, everyTenth),
                sampler,
                sampler.start(),
                LoaderOptions.withSeed(1).withThreads(1).withMaxBadShare(0.5))) {
            alone = drain(loader, 12);
        }
        try (Loader loader =
                loader(FakeDataset.of(30, everyTenth), sampler, sampler.start(), new LoaderOptions(4, 5, 0.5, 1))) {
            assertThat(drain(loader, 12)).isEqualTo(alone);
        }
        try (Loader loader =
                loader(FakeDataset.of(30, everyTenth), sampler, sampler.start(), new LoaderOptions(4, 5, 0.5, 2))) {
            assertThat(drain(loader, 12)).isNotEqualTo(alone);
        }
    }

    @Test
    void continuesAfterAnyBatchAsIfNeverStopped() {
        var sampler = BatchSampler.shuffled(11, 3, 5);
        var options = new LoaderOptions(2, 2, 0.5, 1);
        Dataset dataset = FakeDataset.of(11, position -> position == 4 || position == 9);
        List<String> whole;
        try (Loader loader = loader(dataset, sampler, sampler.start(), options)) {
            whole = drain(loader, 12);
        }
        Position place = sampler.start();
        for (int taken = 0; taken < 9; taken++) {
            try (Loader loader = loader(dataset, sampler, place, options)) {
                assertThat(drain(loader, 3)).isEqualTo(whole.subList(taken, taken + 3));
            }
            try (Loader loader = loader(dataset, sampler, place, options)) {
                place = loader.next().next();
            }
        }
    }

    @Test
    void badSamplesAreListedOnceWhenTheyAreReached() {
        var sampler = BatchSampler.sequential(40, 10).epochs(2);
        try (Loader loader = loader(FakeDataset.of(40, position -> position == 12), sampler)) {
            loader.next();
            assertThat(bad.list()).isEmpty();
            loader.next();
            assertThat(bad.list()).singleElement().satisfies(sample -> {
                assertThat(sample.dataset()).isEqualTo("fake/train");
                assertThat(sample.key()).isEqualTo("k12");
                assertThat(sample.reason()).contains("image 12");
            });
            drain(loader, 99);
            assertThat(bad.count()).isEqualTo(1);
        }
    }

    @Test
    void tooManyBadSamplesStopLoadingFromTwentyOn() {
        IntPredicate threeBad = position -> position < 3;
        var few = BatchSampler.sequential(19, 4);
        try (Loader loader = loader(FakeDataset.of(19, threeBad), few)) {
            assertThat(drain(loader, 99)).hasSize(4);
        }
        var enough = BatchSampler.sequential(20, 4);
        try (Loader loader = loader(FakeDataset.of(20, position -> position >= 17), enough)) {
            assertThatThrownBy(() -> drain(loader, 99))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageStartingWith("fake/train: 3 of 20 samples are bad, more than the limit of 10.0 %")
                    .hasMessageContaining("k19");
        }
        assertThat(bad.count()).isEqualTo(6);
    }

    @Test
    void endlessLoadingOfNothingButBadSamplesEndsWithAnError() {
        var options = LoaderOptions.withSeed(1).withMaxBadShare(1);
        var sampler = BatchSampler.shuffled(6, 4, 0);
        try (Loader loader = loader(FakeDataset.of(6, position -> true), sampler, sampler.start(), options)) {
            assertThatThrownBy(loader::hasNext)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("all 6 samples are bad");
        }
        try (Loader loader =
                loader(FakeDataset.of(6, position -> position < 3), sampler.dropLast(), sampler.start(), options)) {
            assertThatThrownBy(loader::hasNext)
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("only 3 of 6 samples are good, which makes no batch of 4");
        }
    }

    @Test
    void faultsOfTheProgramSurfaceWithTheSampleAfterTheBatchesBefore() {
        ImagePreparation faulty = (image, random) -> {
            if (image.value(0, 0, 0) == 5) {
                throw new IllegalStateException("no such crop");
            }
            return new float[3];
        };
        var sampler = BatchSampler.sequential(9, 2);
        try (Loader loader =
                new Loader(FakeDataset.of(9), sampler, sampler.start(), faulty, LoaderOptions.withSeed(1), bad)) {
            assertThat(keys(loader.next())).containsExactly("k0", "k1");
            assertThat(keys(loader.next())).containsExactly("k2", "k3");
            assertThatThrownBy(loader::next)
                    .isInstanceOf(LoaderException.class)
                    .hasMessageContaining("fake/train k5")
                    .hasMessageContaining("no such crop")
                    .hasRootCauseInstanceOf(IllegalStateException.class);
        }
        assertThat(bad.count()).isZero();
    }

    @Test
    void imagesOfDifferentSizesAreRefused() {
        var sampler = BatchSampler.sequential(2, 2);
        ImagePreparation uneven = (image, random) -> new float[image.value(0, 0, 0) + 1];
        try (Loader loader =
                new Loader(FakeDataset.of(2), sampler, sampler.start(), uneven, LoaderOptions.withSeed(1), bad)) {
            assertThatThrownBy(loader::next).hasMessageContaining("k1: was prepared to 2 values but others to 1");
        }
    }

    @Test
    void closingEarlyLeavesNoThreads() {
        var sampler = BatchSampler.shuffled(100, 4, 1);
        assertThatThrownBy(() -> {
                    try (Loader loader = loader(FakeDataset.of(100), sampler)) {
                        loader.next();
                        assertThat(loaderThreads()).isPositive();
                        throw new IllegalStateException("the step fails");
                    }
                })
                .hasMessage("the step fails");
        assertThat(loaderThreads()).isZero();

        Loader loader = loader(FakeDataset.of(100), sampler);
        loader.close();
        loader.close();
        assertThat(loaderThreads()).isZero();
        assertThatThrownBy(loader::hasNext).hasMessageContaining("the loader is closed");
    }

    @Test
    void anEmptyDataSetGivesNoBatch() {
        try (Loader loader = loader(FakeDataset.of(0), BatchSampler.shuffled(0, 4, 0))) {
            assertThat(loader.hasNext()).isFalse();
        }
    }
}
