package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AntialiasedResizeTest {
    /** Resizes a square of equal rows and returns its first row; all three channels must agree. */
    private static int[] row(int[] values, int size, Interpolation interpolation) {
        RgbImage image = SyntheticImages.of(values.length, values.length, (x, y, channel) -> values[x]);
        RgbImage resized = image.resize(size, size, interpolation);
        RgbImage column = SyntheticImages.of(values.length, values.length, (x, y, channel) -> values[y])
                .resize(size, size, interpolation);
        for (int i = 0; i < size; i++) {
            assertThat(column.value(0, i, 1)).isEqualTo(resized.value(i, 0, 1));
            assertThat(resized.value(i, size - 1, 2)).isEqualTo(resized.value(i, 0, 0));
        }
        return IntStream.range(0, size).map(x -> resized.value(x, 0, 0)).toArray();
    }

    @Test
    void enlargesAnEdgeAsPillowDoes() {
        assertThat(row(new int[] {0, 0, 255, 255}, 8, Interpolation.BICUBIC))
                .containsExactly(0, 0, 0, 52, 203, 255, 255, 255);
    }

    @Test
    void shrinksAnEdgeAsPillowDoes() {
        int[] edge = IntStream.range(0, 16).map(x -> x < 8 ? 0 : 255).toArray();
        assertThat(row(edge, 6, Interpolation.BICUBIC)).containsExactly(0, 0, 19, 236, 255, 255);
    }

    @Test
    void shrinksARampAsPillowDoes() {
        int[] ramp = IntStream.range(0, 16).map(x -> 17 * x).toArray();
        assertThat(row(ramp, 5, Interpolation.BICUBIC)).containsExactly(20, 72, 127, 183, 235);
    }

    @Test
    void shrinksAlternatingPixelsAsPillowDoes() {
        int[] alternating = IntStream.range(0, 8).map(x -> x % 2 * 255).toArray();
        assertThat(row(alternating, 4, Interpolation.BICUBIC)).containsExactly(109, 129, 126, 146);
    }

    /** Worked by hand: triangles of half-width 2 (weights 1 3 3 1 of 8, cut at the borders) and 1 (3 1 of 4). */
    @Test
    void bilinearWidensItsTriangleWhenShrinking() {
        assertThat(row(new int[] {0, 80, 160, 240}, 2, Interpolation.BILINEAR)).containsExactly(57, 183);
        assertThat(row(new int[] {0, 80}, 4, Interpolation.BILINEAR)).containsExactly(0, 20, 60, 80);
    }

    @Test
    void resizesOneSideAlone() {
        RgbImage image = SyntheticImages.hard(40, 30);
        RgbImage both = image.resize(17, 11, Interpolation.BICUBIC);
        assertThat(image.resize(17, 30, Interpolation.BICUBIC).resize(17, 11, Interpolation.BICUBIC))
                .isEqualTo(both);
    }

    @Test
    void refusesImpossibleSizes() {
        RgbImage image = SyntheticImages.hard(4, 4);
        assertThatThrownBy(() -> image.resize(0, 5, Interpolation.BICUBIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 x 5");
        assertThatThrownBy(() -> image.resize(100_000, 100_000, Interpolation.BICUBIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too large");
    }

    @Property(tries = 200)
    void aConstantImageStaysConstant(
            @ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height,
            @ForAll @IntRange(min = 1, max = 60) int newWidth,
            @ForAll @IntRange(min = 1, max = 60) int newHeight,
            @ForAll @ByteRange(min = Byte.MIN_VALUE, max = Byte.MAX_VALUE) byte value,
            @ForAll Interpolation interpolation) {
        RgbImage resized =
                SyntheticImages.of(width, height, (x, y, channel) -> value).resize(newWidth, newHeight, interpolation);
        assertThat(resized).isEqualTo(SyntheticImages.of(newWidth, newHeight, (x, y, channel) -> value));
    }

    @Property(tries = 100)
    void theSameSizeIsTheSameImage(@ForAll("images") RgbImage image, @ForAll Interpolation interpolation) {
        assertThat(image.resize(image.width(), image.height(), interpolation)).isEqualTo(image);
    }

    @Property(tries = 200)
    void aWindowEqualsTheCropOfTheWhole(
            @ForAll("images") RgbImage image,
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll @IntRange(min = 0, max = 39) int left,
            @ForAll @IntRange(min = 0, max = 39) int top,
            @ForAll Interpolation interpolation) {
        int x = left % width;
        int y = top % height;
        RgbImage window = AntialiasedResize.window(image, width, height, x, y, width - x, height - y, interpolation);
        assertThat(window).isEqualTo(image.resize(width, height, interpolation).crop(x, y, width - x, height - y));
    }

    @Provide
    Arbitrary<RgbImage> images() {
        Arbitrary<Integer> sides = Arbitraries.integers().between(1, 30);
        return Combinators.combine(sides, sides, Arbitraries.integers())
                .as((width, height, seed) -> SyntheticImages.of(
                        width, height, (x, y, channel) -> (seed * (3 * x * x + 7 * y + channel)) >> 5));
    }
}
