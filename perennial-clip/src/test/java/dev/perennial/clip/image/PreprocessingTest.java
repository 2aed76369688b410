package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
    private static final Preprocessing OPENAI = Preprocessing.openai(224);

    private static Preprocessing with(ResizeMode mode, Interpolation interpolation, CropRounding rounding) {
        return new Preprocessing(224, mode, interpolation, Channels.all(0.5), Channels.all(0.5), rounding);
    }

    @Test
    void preparesTheHardImageAsPillowAndOpenAiDo() throws Exception {
        RgbImage square = OPENAI.square(SyntheticImages.hard(451, 300));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(square.rgb());
        assertThat(HexFormat.of().formatHex(hash)).startsWith("b5209f6a557b93be13b235828c728213");
        assertThat(pixel(square, 0, 0)).containsExactly(13, 226, 14);
        assertThat(pixel(square, 1, 0)).containsExactly(26, 72, 15);
        assertThat(pixel(square, 2, 0)).containsExactly(35, 166, 15);
        assertThat(pixel(square, 3, 0)).containsExactly(45, 52, 15);
        assertThat(pixel(square, 100, 100)).containsExactly(77, 153, 159);
        assertThat(pixel(square, 223, 223)).containsExactly(190, 46, 212);
        double[] means = new double[3];
        for (int i = 0; i < square.rgb().length; i++) {
            means[i % 3] += (square.rgb()[i] & 0xff) / (224.0 * 224);
        }
        assertThat(means).containsExactly(new double[] {127.4049, 127.4241, 125.3661}, within(1e-4));
    }

    private static int[] pixel(RgbImage image, int x, int y) {
        return new int[] {image.value(x, y, 0), image.value(x, y, 1), image.value(x, y, 2)};
    }

    @Test
    void laysChannelsOutAsPlanesAndNormalisesThem() {
        float[] pixels = OPENAI.apply(SyntheticImages.hard(451, 300));
        int plane = 224 * 224;
        assertThat(pixels).hasSize(3 * plane);
        assertThat(pixels[0]).isCloseTo(-1.60248f, within(1e-5f));
        assertThat(pixels[plane]).isCloseTo(1.63966f, within(1e-5f));
        assertThat(pixels[2 * plane]).isCloseTo(-1.28114f, within(1e-5f));
    }

    @Test
    void fillsOneImageOfABatchAndNothingElse() {
        RgbImage image = SyntheticImages.hard(30, 20);
        Preprocessing small = Preprocessing.openai(8);
        float[] batch = new float[3 * small.length()];
        small.apply(image, batch, small.length());
        assertThat(Arrays.copyOfRange(batch, small.length(), 2 * small.length()))
                .isEqualTo(small.apply(image));
        assertThat(Arrays.copyOfRange(batch, 0, small.length())).containsOnly(0);
        assertThat(Arrays.copyOfRange(batch, 2 * small.length(), batch.length)).containsOnly(0);
        assertThatThrownBy(() -> small.apply(image, batch, 2 * small.length() + 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void cropsAtHalfToEvenForOpenAiAndDownForHuggingFace() {
        // Margins 0 to 7 of an image that needs no resizing.
        int[] openai = {0, 0, 1, 2, 2, 2, 3, 4};
        int[] huggingFace = {0, 0, 1, 1, 2, 2, 3, 3};
        for (int margin = 0; margin < 8; margin++) {
            RgbImage tall = SyntheticImages.of(224, 224 + margin, (x, y, channel) -> y);
            RgbImage wide = SyntheticImages.of(224 + margin, 224, (x, y, channel) -> x);
            for (RgbImage image : new RgbImage[] {tall, wide}) {
                assertThat(crop(image, CropRounding.OPENAI)).isEqualTo(openai[margin]);
                assertThat(crop(image, CropRounding.HUGGING_FACE)).isEqualTo(huggingFace[margin]);
            }
        }
    }

    private static int crop(RgbImage image, CropRounding rounding) {
        return with(ResizeMode.SHORTEST, Interpolation.BICUBIC, rounding)
                .square(image)
                .value(0, 0, 0);
    }

    @Test
    void truncatesTheLongSide() {
        // 224 * 450 / 301 = 334.88, so 334 columns and 55 dropped on the left.
        RgbImage image = SyntheticImages.hard(450, 301);
        assertThat(OPENAI.square(image))
                .isEqualTo(image.resize(334, 224, Interpolation.BICUBIC).crop(55, 0, 224, 224));
    }

    @Test
    void squashesBothSidesWithoutCropping() {
        RgbImage image = SyntheticImages.hard(90, 40);
        assertThat(with(ResizeMode.SQUASH, Interpolation.BILINEAR, CropRounding.OPENAI)
                        .square(image))
                .isEqualTo(image.resize(224, 224, Interpolation.BILINEAR));
    }

    @Test
    void preparesTheThinnestStripsWithoutMakingTheWholeEnlargement() {
        RgbImage strip = SyntheticImages.of(1, 65_535, (x, y, channel) -> 99);
        assertThat(OPENAI.square(strip)).isEqualTo(SyntheticImages.of(224, 224, (x, y, channel) -> 99));
    }

    @Test
    void theFingerprintFollowsEverySetting() {
        assertThat(OPENAI.fingerprint())
                .hasSize(32)
                .isEqualTo(Preprocessing.openai(224).fingerprint());
        assertThat(new String[] {
                    OPENAI.fingerprint(),
                    Preprocessing.openai(225).fingerprint(),
                    with(ResizeMode.SHORTEST, Interpolation.BICUBIC, CropRounding.OPENAI)
                            .fingerprint(),
                    with(ResizeMode.SQUASH, Interpolation.BICUBIC, CropRounding.OPENAI)
                            .fingerprint(),
                    with(ResizeMode.SHORTEST, Interpolation.BILINEAR, CropRounding.OPENAI)
                            .fingerprint(),
                    with(ResizeMode.SHORTEST, Interpolation.BICUBIC, CropRounding.HUGGING_FACE)
                            .fingerprint()
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesSettingsThatGiveNoNumbers() {
        assertThatThrownBy(() -> Preprocessing.openai(0)).hasMessageContaining("image size");
        assertThatThrownBy(() -> new Preprocessing(
                        8,
                        ResizeMode.SQUASH,
                        Interpolation.BICUBIC,
                        Channels.all(0),
                        Channels.all(0),
                        CropRounding.OPENAI))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("standard deviations positive");
    }
}
