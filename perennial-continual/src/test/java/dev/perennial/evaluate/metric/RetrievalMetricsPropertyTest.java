package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
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

    @Property(tries = 30)
    void ranksOverManyImagesFollowTheDefinitionWithTiesZerosAndInfinities(
            @ForAll @IntRange(min = 1, max = 2600) int images, @ForAll long seed) {
        float[] levels = {
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -1,
            -Float.MIN_VALUE,
            -0f,
            0,
            Float.MIN_VALUE,
            1,
            2,
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY
        };
        var random = new Random(seed);
        int[] imageOfText =
                IntStream.range(0, 23).map(text -> random.nextInt(images)).toArray();
        // Two texts of one image, whatever was drawn.
        imageOfText[22] = imageOfText[4];
        float[] scores = new float[imageOfText.length * images];
        IntStream.range(0, scores.length).forEach(i -> scores[i] = levels[random.nextInt(levels.length)]);
        var metrics = of(images, imageOfText, scores);

        assertThat(metrics.textToImage().ranks().toArray())
                .isEqualTo(IntStream.range(0, imageOfText.length)
                        .map(text -> {
                            int own = imageOfText[text];
                            float score = scores[text * images + own];
                            return 1
                                    + (int) IntStream.range(0, images)
                                            .filter(image -> scores[text * images + image] > score
                                                    || (scores[text * images + image] == score && image < own))
                                            .count();
                        })
                        .toArray());
        assertThat(metrics.imageToText().ranks().toArray())
                .isEqualTo(IntStream.range(0, images)
                        .filter(image -> Arrays.stream(imageOfText).anyMatch(own -> own == image))
                        .map(image -> IntStream.range(0, imageOfText.length)
                                .filter(text -> imageOfText[text] == image)
                                .map(own -> {
                                    float score = scores[own * images + image];
                                    return 1
                                            + (int) IntStream.range(0, imageOfText.length)
                                                    .filter(text -> scores[text * images + image] > score
                                                            || (scores[text * images + image] == score && text < own))
                                                    .count();
                                })
                                .min()
                                .orElseThrow())
                        .toArray());
    }

    @Property(tries = 30)
    void theFirstScoreOfATextThatIsNotANumberIsNamed(
            @ForAll @IntRange(min = 1, max = 2600) int images, @ForAll boolean negative, @ForAll long seed) {
        var random = new Random(seed);
        float[] scores = new float[3 * images];
        Arrays.fill(scores, Float.POSITIVE_INFINITY);
        int text = random.nextInt(3);
        int first = random.nextInt(images);
        scores[text * images + first] = Float.intBitsToFloat(negative ? 0xff800001 : 0x7fc00000);
        scores[text * images + images - 1 - random.nextInt(images - first)] = Float.NaN;
        assertThatThrownBy(() -> of(images, new int[3], scores))
                .hasMessageEndingWith("the score of text " + text + " to image " + first + " is not a number");
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
                images,
                imageOfText,
                (from, to) -> MemorySegment.ofArray(Arrays.copyOfRange(scores, from * images, to * images)));
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
