package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AlignmentMetricsTest {
    private static final float[][] THREE = {{1, 0}, {0, 1}, {-1, 1}};

    @Test
    void aSpaceThatTurnsAsAWholeKeepsItsInnerAngles() {
        float[][] turned = Arrays.stream(THREE).map(row -> turned(row, 30)).toArray(float[][]::new);
        assertThat(AlignmentMetrics.rotationAngles(THREE, turned))
                .containsExactly(new double[] {30, 30, 30}, within(1e-4));
        assertThat(AlignmentMetrics.selfAngleChanges(THREE, turned))
                .containsExactly(new double[] {0, 0, 0}, within(1e-4));
    }

    @Test
    void oneSampleThatTurnsAloneChangesItsAnglesToAllOthers() {
        float[][] moved = {turned(THREE[0], 10), THREE[1], THREE[2]};
        assertThat(AlignmentMetrics.rotationAngles(THREE, moved))
                .containsExactly(new double[] {10, 0, 0}, within(1e-4));
        assertThat(AlignmentMetrics.selfAngleChanges(THREE, moved))
                .containsExactly(new double[] {10, 10, 0}, within(1e-4));
    }

    @Test
    void spacesThatTurnAlikeKeepTheAnglesBetweenThem() {
        float[][] texts = {{1, 1}, {0, 1}};
        float[][] turnedTexts = Arrays.stream(texts).map(row -> turned(row, 30)).toArray(float[][]::new);
        float[][] turnedImages =
                Arrays.stream(THREE).map(row -> turned(row, 30)).toArray(float[][]::new);
        assertThat(AlignmentMetrics.crossAngleChanges(THREE, texts, turnedImages, turnedTexts))
                .hasSize(6)
                .containsOnly(new double[] {0}, within(1e-4));
        // Image 0 lies at 0 degrees and the texts at 45 and 90; the others lie at or beyond the texts.
        assertThat(AlignmentMetrics.crossAngleChanges(THREE, texts, turnedImages, texts))
                .containsExactly(new double[] {30, 30, 30, 30, 30, 30}, within(1e-4));
    }

    @Test
    void theGapIsTheDistanceOfTheCentres() {
        float[][] images = {{1, 0}, {0, 1}};
        float[][] texts = {{-1, 0}, {0, 1}, {0, -1}};
        // Centres (1/2, 1/2) and (-1/3, 0).
        assertThat(AlignmentMetrics.modalityGap(images, texts))
                .isCloseTo(Math.sqrt(25 / 36.0 + 1 / 4.0), within(1e-12));
        assertThat(AlignmentMetrics.modalityGap(images, images)).isZero();
    }

    @Test
    void alignmentAndUniformityAreThoseWorkedOutByHand() {
        float[][] images = {{1, 0}, {0, 1}, {-1, 0}};
        float[][] texts = {{1, 0}, {1, 0}, {1, 0}};
        // Squared distances 0, 2 and 4.
        assertThat(AlignmentMetrics.alignmentLoss(images, texts)).isCloseTo(2, within(1e-12));
        // Pairs at squared distances 2, 4 and 2.
        assertThat(AlignmentMetrics.uniformityLoss(images))
                .isCloseTo(Math.log((2 * Math.exp(-4) + Math.exp(-8)) / 3), within(1e-12));
        assertThat(AlignmentMetrics.uniformityLoss(texts)).isZero();
        assertThatThrownBy(() -> AlignmentMetrics.uniformityLoss(new float[][] {{1, 0}}))
                .hasMessageContaining("only 1");
    }

    @Test
    void embeddingsOfOtherNumbersOfSamplesAreRefused() {
        assertThatThrownBy(() -> AlignmentMetrics.rotationAngles(THREE, new float[][] {{1, 0}}))
                .hasMessageContaining("3")
                .hasMessageContaining("1");
    }

    @Tag("golden")
    @TestFactory
    Stream<DynamicTest> anglesEqualTheOriginal() {
        return GoldenCases.ofKind("mod-x")
                .flatMap(golden -> IntStream.range(
                                0, golden.json().required("configs").size())
                        .boxed()
                        .flatMap(i -> Stream.of("image", "text")
                                .map(modality -> DynamicTest.dynamicTest(
                                        golden.name() + " " + i + " " + modality,
                                        () -> check(golden, "case" + i + ".", modality)))));
    }

    private static void check(GoldenCase golden, String prefix, String modality) {
        float[][] before = rows(golden.tensor(prefix + "input." + modality + "_old"));
        float[][] after = rows(golden.tensor(prefix + "input." + modality + "_new"));
        var tolerance = within(golden.tolerance("degrees_abs"));
        assertThat(AlignmentMetrics.rotationAngles(before, after))
                .containsExactly(doubles(golden.tensor(prefix + "expect.ram_degrees." + modality)), tolerance);
        assertThat(AlignmentMetrics.selfAngleChanges(before, after))
                .containsExactly(doubles(golden.tensor(prefix + "expect.sam_change_degrees." + modality)), tolerance);
    }

    private static float[] turned(float[] row, double degrees) {
        double sine = Math.sin(Math.toRadians(degrees));
        double cosine = Math.cos(Math.toRadians(degrees));
        return new float[] {(float) (cosine * row[0] - sine * row[1]), (float) (sine * row[0] + cosine * row[1])};
    }

    private static float[][] rows(StoredTensor matrix) {
        int width = (int) matrix.dimension(1);
        float[] flat = matrix.toFloats();
        return IntStream.range(0, flat.length / width)
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toArray(float[][]::new);
    }

    private static double[] doubles(StoredTensor values) {
        float[] floats = values.toFloats();
        return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
    }
}
