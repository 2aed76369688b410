package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JpegDecodingTest {
    private static final RgbImage SMOOTH = SyntheticImages.smooth(61, 45);

    private static RgbImage decode(byte[] file) {
        return ImageDecoder.STANDARD.decode(file, "photo.jpg");
    }

    /** The largest difference of a channel between two images. */
    private static int distance(RgbImage a, RgbImage b) {
        assertThat(List.of(a.width(), a.height())).isEqualTo(List.of(b.width(), b.height()));
        int largest = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            largest = Math.max(largest, Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
        }
        return largest;
    }

    private static int[] bands(byte[] file) {
        RgbImage image = decode(file);
        int[] values = new int[image.height() / 8 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.value(3, i / 3 * 8 + 3, i % 3);
        }
        return values;
    }

    @Test
    void baselineAndProgressivePhotosComeOutAlike() {
        RgbImage baseline = decode(JpegFixtures.photo(SMOOTH, false));
        assertThat(distance(baseline, SMOOTH)).isLessThan(8);
        assertThat(distance(decode(JpegFixtures.photo(SMOOTH, true)), SMOOTH)).isLessThan(8);
    }

    @Test
    void greyIsReplicated() {
        assertThat(bands(JpegFixtures.raw(new int[][] {{0}, {77}, {255}})))
                .containsExactly(0, 0, 0, 77, 77, 77, 255, 255, 255);
    }

    @Test
    void threeComponentsAreYcbcrUnlessMarkedAsRgb() {
        byte[] unmarked = JpegFixtures.raw(new int[][] {{100, 128, 128}, {76, 85, 255}, {29, 255, 107}});
        int[] converted = {100, 100, 100, 254, 0, 0, 0, 0, 254};
        int[] stored = {100, 128, 128, 76, 85, 255, 29, 255, 107};
        assertThat(bands(unmarked)).containsExactly(converted);
        assertThat(bands(JpegFixtures.withComponentIds(unmarked, "abc"))).containsExactly(converted);
        assertThat(bands(JpegFixtures.withComponentIds(unmarked, "RGB"))).containsExactly(stored);
        assertThat(bands(JpegFixtures.withAdobe(unmarked, 1))).containsExactly(converted);
        assertThat(bands(JpegFixtures.withAdobe(unmarked, 0))).containsExactly(stored);
    }

    /** Pillow inverts the stored values (Adobe's convention) and multiplies: (255 - C)(255 - K) / 255. */
    @Test
    void cmykIsInvertedAndMultiplied() {
        byte[] cmyk = JpegFixtures.raw(new int[][] {{255, 128, 0, 255}, {200, 100, 50, 128}, {9, 9, 9, 0}});
        int[] expected = {255, 128, 0, 100, 50, 25, 0, 0, 0};
        assertThat(bands(cmyk)).containsExactly(expected);
        assertThat(bands(JpegFixtures.withAdobe(cmyk, 0))).containsExactly(expected);
    }

    /** YCbCr becomes RGB, is inverted to CMY, and then treated like CMYK: grey 100 is stored ink 155. */
    @Test
    void ycckIsConvertedToCmykFirst() {
        byte[] ycck = JpegFixtures.raw(new int[][] {{100, 128, 128, 255}, {76, 85, 255, 128}});
        assertThat(bands(JpegFixtures.withAdobe(ycck, 2))).containsExactly(155, 155, 155, 1, 128, 128);
    }

    /** The same picture lying down has its chroma halved across, where all libjpegs smooth alike. */
    @Test
    void verticallyHalvedChromaIsSmoothedLikeHorizontallyHalved() {
        RgbImage colourful = SyntheticImages.of(48, 41, (x, y, channel) -> switch (channel) {
            case 0 -> y / 5 % 2 * 200;
            case 1 -> 120 + x;
            default -> 220 - y / 7 % 2 * 180;
        });
        RgbImage lying = Orientation.upright(colourful, 5);
        RgbImage across = Orientation.upright(decode(JpegFixtures.subsampled(lying, 2, 1)), 5);
        RgbImage down = decode(JpegFixtures.subsampled(colourful, 1, 2));
        // Without smoothing the difference would be tens of levels at the edges.
        assertThat(distance(down, across)).isLessThanOrEqualTo(4);
    }

    /** Rows 8 and 40 in one component of three, worked by hand. */
    @Test
    void smoothingTakesThreePartsOfTheNearRow() {
        var frame = new JpegFrame(
                1,
                5,
                List.of(
                        new JpegFrame.Component(1, 1, 2),
                        new JpegFrame.Component(2, 1, 1),
                        new JpegFrame.Component(3, 1, 2)));
        byte[] samples = {1, 8, 1, 2, 8, 2, 3, 40, 3, 4, 40, 4, 5, 120, 5};
        JpegSamples.smoothVertically(samples, frame);
        assertThat(samples).containsExactly(1, 8, 1, 2, 16, 2, 3, 32, 3, 4, 60, 4, 5, 100, 5);
    }

    @Test
    void orientationIsIgnoredUnlessAskedFor() {
        byte[] plain = JpegFixtures.photo(SMOOTH, false);
        RgbImage stored = decode(plain);
        ImageDecoder turning = ImageDecoder.STANDARD.withOrientation(true);
        assertThat(turning.decode(plain, "photo.jpg")).isEqualTo(stored);
        for (int orientation = 1; orientation <= 8; orientation++) {
            byte[] marked = JpegFixtures.withOrientation(plain, orientation, orientation % 2 == 0);
            assertThat(decode(marked)).isEqualTo(stored);
            assertThat(turning.decode(marked, "photo.jpg")).isEqualTo(Orientation.upright(stored, orientation));
        }
        assertThat(turning.decode(JpegFixtures.withOrientation(plain, 9, true), "photo.jpg"))
                .isEqualTo(stored);
    }

    @Test
    void everyOrientationMovesTheUpperLeftPixelToItsPlace() {
        RgbImage image = SyntheticImages.of(3, 2, (x, y, channel) -> x == 0 && y == 0 ? 255 : 0);
        int[][] places = {{0, 0}, {2, 0}, {2, 1}, {0, 1}, {0, 0}, {1, 0}, {1, 2}, {0, 2}};
        for (int orientation = 1; orientation <= 8; orientation++) {
            RgbImage upright = Orientation.upright(image, orientation);
            assertThat(upright.width()).isEqualTo(orientation < 5 ? 3 : 2);
            assertThat(upright.value(places[orientation - 1][0], places[orientation - 1][1], 0))
                    .isEqualTo(255);
        }
    }

    @Test
    void orientationIsReadFromPngAndWebpToo() {
        RgbImage image = SyntheticImages.hard(4, 3);
        byte[] tiff = JpegFixtures.tiff(6, false);
        byte[] png = PngFixtures.of(4, 3, 8, PngFixtures.RGB, image.rgb(), PngFixtures.chunk("eXIf", tiff));
        RgbImage turned = Orientation.upright(image, 6);
        ImageDecoder turning = ImageDecoder.STANDARD.withOrientation(true);
        assertThat(turning.decode(png, "a.png")).isEqualTo(turned);
        assertThat(turning.decode(WebpFixtures.withExif(image, tiff), "a.webp")).isEqualTo(turned);
        assertThat(ImageDecoder.STANDARD.decode(WebpFixtures.withExif(image, tiff), "a.webp"))
                .isEqualTo(image);
    }

    @Property(tries = 300)
    void damagedExifDataNeverSpoilAPhoto(@ForAll byte[] tiff) {
        byte[] plain = JpegFixtures.raw(new int[][] {{5}});
        byte[] content = new byte[10 + Math.min(tiff.length, 200)];
        System.arraycopy("Exif\0\0II*\0".getBytes(StandardCharsets.ISO_8859_1), 0, content, 0, 10);
        System.arraycopy(tiff, 0, content, 10, content.length - 10);
        RgbImage image = ImageDecoder.STANDARD
                .withOrientation(true)
                .decode(JpegFixtures.withSegment(plain, 0xe1, content), "photo.jpg");
        assertThat(image).isEqualTo(decode(plain));
    }

    @Test
    void aMissingEndMarkerIsForgivenWhereAllRowsAreThereAndNoMore() {
        byte[] baseline = JpegFixtures.photo(SMOOTH, false);
        byte[] withoutEnd = Arrays.copyOf(baseline, baseline.length - 2);
        assertThat(decode(withoutEnd)).isEqualTo(decode(baseline));
        byte[] progressive = JpegFixtures.photo(SMOOTH, true);
        assertThatThrownBy(() -> decode(Arrays.copyOf(progressive, progressive.length - 2)))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("photo.jpg: the JPEG is truncated");
    }

    @Test
    void profilesThumbnailsAndTrailingBytesChangeNothing() {
        byte[] plain = JpegFixtures.photo(SMOOTH, false);
        byte[] profiled = JpegFixtures.withSegment(
                plain, 0xe2, "ICC_PROFILE\0\1\1 no profile".getBytes(StandardCharsets.ISO_8859_1));
        byte[] trailed = Arrays.copyOf(profiled, profiled.length + 500);
        assertThat(decode(trailed)).isEqualTo(decode(plain));
    }
}
