package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RetrievalMetricsPropertyTest {
    @Property(tries = 100)
    void recallGrowsWithKAndAgreesWithSorting(
            @ForAll @IntRange(min = 1, max = 12) int images,
            @ForAll @IntRange(min = 1, max = 3) int captions,
            @ForAll long seed) {
        var random = new Random(seed);
        int texts = images * captions;
        float[] scores = new float[texts * images];
        // Few levels, so that ties are common.
        IntStream.range(0, scores.length).forEach(i -> scores[i] = random.nextInt(5));
        int[] imageOfText =
                IntStream.range(0, texts).map(text -> text / captions).toArray();
        var metrics = of(images, imageOfText, scores);

        for (int k = 1; k < texts; k++) {
            assertThat(metrics.imageToText().recallAt(k + 1))
                    .isGreaterThanOrEqualTo(metrics.imageToText().recallAt(k));
        }
        assertThat(metrics.imageToText().recallAt(texts)).isEqualTo(100);
        assertThat(metrics.textToImage().recallAt(images)).isEqualTo(100);
        int[] sorted = IntStream.range(0, images)
                .map(image -> {
                    int[] order = IntStream.range(0, texts)
                            .boxed()
                            .sorted((a, b) -> Float.compare(scores[b * images + image], scores[a * images + image]))
                            .mapToInt(text -> text)
                            .toArray();
                    return 1
                            + IntStream.range(0, texts)
                                    .filter(place -> imageOfText[order[place]] == image)
                                    .findFirst()
                                    .orElseThrow();
                })
                .toArray();
        assertThat(metrics.imageToText().ranks().toArray()).isEqualTo(sorted);
    }

    @Property(tries = 20)
    void featuresOverSeveralBlocksEqualOneMatrixOfScores(@ForAll long seed) {
        var random = new Random(seed);
        float[][] images = features(random, 2100, 3);
        float[][] texts = features(random, 2100, 3);
        int[] own = IntStream.range(0, images.length).toArray();
        var metrics = RetrievalMetrics.ofFeatures(images, texts, own);
        int query = random.nextInt(texts.length);
        long ahead = Arrays.stream(images)
                .filter(image -> dot(texts[query], image) > dot(texts[query], images[query]))
                .count();
        assertThat(metrics.textToImage().ranks().skip(query).findFirst()).hasValue((int) ahead + 1);
    }

    private static RetrievalMetrics of(int images, int[] imageOfText, float[] scores) {
        return RetrievalMetrics.ofScores(
                images, imageOfText, (from, to) -> Arrays.copyOfRange(scores, from * images, to * images));
    }

    private static float[][] features(Random random, int count, int width) {
        float[][] features = new float[count][width];
        for (float[] feature : features) {
            for (int d = 0; d < width; d++) {
                feature[d] = (float) random.nextGaussian();
            }
        }
        return features;
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }
}
