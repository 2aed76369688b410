package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private static final RgbImage IMAGE = SyntheticImages.hard(90, 60);

    private static Augmentation with(Crop crop, double flip, ColourJitter jitter) {
        return new Augmentation(crop, flip, jitter, Interpolation.BICUBIC);
    }

    @Test
    void noneIsTheEvaluationCrop() {
        assertThat(Augmentation.none().apply(IMAGE, 32, new SplittableRandom(1)))
                .isEqualTo(Preprocessing.openai(32).square(IMAGE));
    }

    @Property(tries = 200)
    void theSameRandomStreamGivesTheSameSquare(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 120) int width,
            @ForAll @IntRange(min = 1, max = 120) int height) {
        RgbImage image = SyntheticImages.hard(width, height);
        Augmentation all =
                with(new Crop.RandomResized(0.08, 1, 3 / 4.0, 4 / 3.0), 0.5, new ColourJitter(0.4, 0.4, 0.4));
        RgbImage square = all.apply(image, 16, new SplittableRandom(seed));
        assertThat(square.width()).isEqualTo(16);
        assertThat(square.height()).isEqualTo(16);
        assertThat(all.apply(image, 16, new SplittableRandom(seed))).isEqualTo(square);
    }

    @Test
    void zsclCropsVaryAndKeepAlmostTheWholeImage() {
        // A ramp shows by its first and last column which part was cropped.
        RgbImage ramp = SyntheticImages.of(250, 250, (x, y, channel) -> x);
        var random = new SplittableRandom(7);
        var starts = new HashSet<Integer>();
        for (int i = 0; i < 100; i++) {
            RgbImage square = Augmentation.zscl().apply(ramp, 50, random);
            int first = square.value(0, 25, 0);
            int last = square.value(49, 25, 0);
            assertThat(last - first).isBetween(200, 250);
            starts.add(first);
        }
        assertThat(starts).hasSizeGreaterThan(5);
    }

    @Test
    void imagesOfExtremeShapeFallBackToTheLargestCentredRectangle() {
        Crop crop = new Crop.RandomResized(0.9, 1, 3 / 4.0, 4 / 3.0);
        RgbImage wide = SyntheticImages.hard(300, 30);
        assertThat(crop.apply(wide, 16, Interpolation.BICUBIC, new SplittableRandom(1)))
                .isEqualTo(wide.crop(130, 0, 40, 30).resize(16, 16, Interpolation.BICUBIC));
        RgbImage tall = SyntheticImages.hard(30, 300);
        assertThat(crop.apply(tall, 16, Interpolation.BICUBIC, new SplittableRandom(1)))
                .isEqualTo(tall.crop(0, 130, 30, 40).resize(16, 16, Interpolation.BICUBIC));
    }

    @Test
    void flipsAsOftenAsAsked() {
        RgbImage flipped =
                Augmentation.none().apply(IMAGE, 16, new SplittableRandom(1)).flipHorizontal();
        assertThat(with(new Crop.Centre(), 1, ColourJitter.NONE).apply(IMAGE, 16, new SplittableRandom(1)))
                .isEqualTo(flipped);
        var random = new SplittableRandom(5);
        long flips = IntStream.range(0, 1000)
                .filter(i -> with(new Crop.Centre(), 0.3, ColourJitter.NONE)
                        .apply(IMAGE, 16, random)
                        .equals(flipped))
                .count();
        assertThat(flips).isBetween(250L, 350L);
    }

    /** Worked by hand from Pillow's ImageEnhance: truncation to 8 bits, luma 299/587/114, mean rounded. */
    @Test
    void jitterStepsBlendAsPillowDoes() {
        RgbImage image = new RgbImage(2, 1, PngFixtures.bytes(200, 101, 0, 10, 10, 10));
        assertThat(ColourJitter.Step.BRIGHTNESS.apply(image, 0.5f).rgb())
                .isEqualTo(PngFixtures.bytes(100, 50, 0, 5, 5, 5));
        assertThat(ColourJitter.Step.BRIGHTNESS.apply(image, 1.5f).rgb())
                .isEqualTo(PngFixtures.bytes(255, 151, 0, 15, 15, 15));
        // Luma 119 and 10: their mean 64.5 rounds to 65.
        assertThat(ColourJitter.Step.CONTRAST.apply(image, 0f).rgb())
                .isEqualTo(PngFixtures.bytes(65, 65, 65, 65, 65, 65));
        assertThat(ColourJitter.Step.CONTRAST.apply(image, 2f).rgb())
                .isEqualTo(PngFixtures.bytes(255, 137, 0, 0, 0, 0));
        assertThat(ColourJitter.Step.SATURATION.apply(image, 0f).rgb())
                .isEqualTo(PngFixtures.bytes(119, 119, 119, 10, 10, 10));
        assertThat(ColourJitter.Step.SATURATION.apply(image, 0.5f).rgb())
                .isEqualTo(PngFixtures.bytes(159, 110, 59, 10, 10, 10));
        for (ColourJitter.Step step : ColourJitter.Step.values()) {
            assertThat(step.apply(image, 1f)).isEqualTo(image);
        }
    }

    @Test
    void refusesImpossibleRanges() {
        assertThatThrownBy(() -> new Crop.RandomResized(0, 1, 1, 1)).hasMessageContaining("area range");
        assertThatThrownBy(() -> new Crop.RandomResized(0.5, 1, 2, 1)).hasMessageContaining("aspect range");
        assertThatThrownBy(() -> with(new Crop.Centre(), 1.5, ColourJitter.NONE))
                .hasMessageContaining("flip probability");
        assertThatThrownBy(() -> new ColourJitter(-1, 0, 0)).hasMessageContaining("strengths of 0 or more");
    }
}
