package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebpBombsTest {
    @Test
    void anImageOfOneColourIsReadHoweverFewBytesItTakes() {
        RgbImage image = ImageDecoder.STANDARD.decode(WebpBombs.flat(300, 200), "flat");
        assertThat(image).isEqualTo(SyntheticImages.of(300, 200, (x, y, channel) -> 0));
        assertThat(ImageDecoder.STANDARD.decode(
                        WebpBombs.flat(300, 200, WebpBombs.GREEN, WebpBombs.INDEXING), "indexed"))
                .isEqualTo(image);
    }

    @ParameterizedTest
    @ValueSource(ints = {WebpBombs.PREDICTOR, WebpBombs.COLOUR, WebpBombs.GREEN, WebpBombs.INDEXING})
    void aTransformThatIsListedTwiceIsRefused(int transform) {
        int[] many = new int[1000];
        Arrays.fill(many, transform);
        refused(WebpBombs.flat(4096, 4096, many), "lists a transform twice");
        refused(WebpBombs.flat(5, 5, transform, transform), "lists a transform twice");
    }

    @Test
    void groupsOfCodesCountAsMemory() throws Exception {
        byte[] file = WebpBombs.groups(64, 64);
        assertThat(ImageFile.parse(new FileBytes(file)).memory()).isGreaterThan(65_536L * 5 * 1024);
        assertThat(ImageFile.parse(new FileBytes(WebpBombs.flat(64, 64))).memory())
                .isLessThan(100_000);
    }

    @Test
    void framesWithinFramesAreNotFollowed() {
        refused(WebpBombs.nested(200_000), "has no image data");
        refused(WebpBombs.nested(2), "has no image data");
    }

    @Test
    void codesThatAreNotWholeAreRefused() {
        BitsLowFirst sameTwice = started();
        sameTwice.write(0b111, 3);
        sameTwice.write(7, 8);
        sameTwice.write(7, 8);
        refused(WebpBombs.lossless(sameTwice), "has the symbols 7, 7");

        BitsLowFirst nothing = lengths(0, 0, 0, 0);
        refused(WebpBombs.lossless(nothing), "a prefix code is not complete");

        BitsLowFirst tooMany = lengths(1, 1, 1, 0);
        refused(WebpBombs.lossless(tooMany), "a prefix code is not complete");

        BitsLowFirst tooFew = lengths(2, 2, 2, 0);
        refused(WebpBombs.lossless(tooFew), "a prefix code is not complete");

        // The one length code stands for "11 to 138 times 0", which soon is more than the alphabet.
        BitsLowFirst overflowing = lengths(0, 1, 0, 0);
        overflowing.write(0, 1);
        for (int i = 0; i < 3; i++) {
            overflowing.write(127, 7);
        }
        refused(WebpBombs.lossless(overflowing), "too many lengths");

        BitsLowFirst cache = WebpBombs.header(64, 64);
        cache.write(0b001, 3);
        cache.write(0, 3);
        cache.write(1, 1);
        cache.write(12, 4);
        refused(WebpBombs.lossless(cache), "its colour cache has 12 bits");

        refused(WebpBombs.lossless(WebpBombs.header(64, 64)), "its data end before its pixels");
    }

    /** A predictor transform up to its first prefix code. */
    private static BitsLowFirst started() {
        BitsLowFirst bits = WebpBombs.header(64, 64);
        bits.write(0b001, 3);
        bits.write(0, 3);
        bits.write(0, 1);
        return bits;
    }

    /** The same with four code lengths, those of 17, 18, 0 and 1. */
    private static BitsLowFirst lengths(int... lengths) {
        BitsLowFirst bits = started();
        bits.write(0, 1);
        bits.write(0, 4);
        for (int length : lengths) {
            bits.write(length, 3);
        }
        return bits;
    }

    private static void refused(byte[] file, String problem) {
        assertThatThrownBy(() -> ImageDecoder.STANDARD.decode(file, "bomb.webp"))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageStartingWith("bomb.webp: ")
                .hasMessageContaining(problem)
                .hasMessageEndingWith("fetch it again or leave it out");
    }
}
