package dev.perennial.clip.image;

import static dev.perennial.clip.image.PngFixtures.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Every kind of PNG, GIF, BMP and WebP must come out as Pillow's {@code convert("RGB")} gives it. */
class ImageDecoderFormatsTest {
    private static final byte[] FOUR_COLOURS = bytes(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120);

    private static int[] rgb(byte[] file) {
        RgbImage image = ImageDecoder.STANDARD.decode(file, "fixture");
        return IntStream.range(0, image.rgb().length)
                .map(i -> image.rgb()[i] & 0xff)
                .toArray();
    }

    @Test
    void rgbIsTakenAsItIs() {
        RgbImage image = SyntheticImages.hard(37, 21);
        assertThat(ImageDecoder.STANDARD.decode(PngFixtures.of(image), "a.png")).isEqualTo(image);
    }

    @Test
    void alphaIsDroppedAndNotComposited() {
        assertThat(rgb(PngFixtures.of(2, 1, 8, PngFixtures.RGBA, bytes(200, 100, 50, 0, 1, 2, 3, 128))))
                .containsExactly(200, 100, 50, 1, 2, 3);
        assertThat(rgb(PngFixtures.of(2, 1, 8, PngFixtures.GREY_ALPHA, bytes(200, 0, 7, 255))))
                .containsExactly(200, 200, 200, 7, 7, 7);
    }

    @Test
    void transparentColoursChangeNothing() {
        byte[] transparent = PngFixtures.chunk("tRNS", bytes(0, 1, 0, 2, 0, 3));
        assertThat(rgb(PngFixtures.of(1, 1, 8, PngFixtures.RGB, bytes(1, 2, 3), transparent)))
                .containsExactly(1, 2, 3);
        byte[] grey = PngFixtures.chunk("tRNS", bytes(0, 9));
        assertThat(rgb(PngFixtures.of(1, 1, 16, PngFixtures.GREY, bytes(0, 9), grey)))
                .containsExactly(9, 9, 9);
    }

    @Test
    void greyOfFewBitsIsSpreadOverTheWholeRange() {
        assertThat(rgb(PngFixtures.of(8, 1, 1, PngFixtures.GREY, bytes(0b0100_0001))))
                .containsExactly(0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255);
        assertThat(rgb(PngFixtures.of(4, 1, 2, PngFixtures.GREY, bytes(0b00_01_10_11))))
                .containsExactly(0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255);
        assertThat(rgb(PngFixtures.of(2, 1, 4, PngFixtures.GREY, bytes(0x1e))))
                .containsExactly(17, 17, 17, 238, 238, 238);
        assertThat(rgb(PngFixtures.of(2, 1, 8, PngFixtures.GREY, bytes(3, 250))))
                .containsExactly(3, 3, 3, 250, 250, 250);
    }

    @Test
    void sixteenBitGreyIsClippedAndOtherSixteenBitSamplesKeepTheirHighByte() {
        assertThat(rgb(PngFixtures.of(3, 1, 16, PngFixtures.GREY, bytes(0, 77, 0, 255, 1, 0))))
                .containsExactly(77, 77, 77, 255, 255, 255, 255, 255, 255);
        assertThat(rgb(PngFixtures.of(1, 1, 16, PngFixtures.RGB, bytes(1, 255, 2, 0, 200, 128))))
                .containsExactly(1, 2, 200);
        assertThat(rgb(PngFixtures.of(1, 1, 16, PngFixtures.GREY_ALPHA, bytes(55, 1, 0, 0))))
                .containsExactly(55, 55, 55);
        assertThat(rgb(PngFixtures.of(1, 1, 16, PngFixtures.RGBA, bytes(1, 255, 2, 0, 3, 9, 0, 0))))
                .containsExactly(1, 2, 3);
    }

    @Test
    void palettesAreExpandedAndMissingEntriesAreBlack() {
        byte[] palette = PngFixtures.chunk("PLTE", FOUR_COLOURS);
        byte[] alpha = PngFixtures.chunk("tRNS", bytes(0, 128));
        assertThat(rgb(PngFixtures.of(4, 1, 2, PngFixtures.PALETTE, bytes(0b11_10_01_00), palette, alpha)))
                .containsExactly(100, 110, 120, 70, 80, 90, 40, 50, 60, 10, 20, 30);
        assertThat(rgb(PngFixtures.of(2, 1, 8, PngFixtures.PALETTE, bytes(1, 77), palette)))
                .containsExactly(40, 50, 60, 0, 0, 0);
    }

    @Test
    void profilesAndGammaChangeNothing() {
        byte[] gamma = PngFixtures.chunk("gAMA", bytes(0, 0, 0x10, 0));
        byte[] profile = PngFixtures.chunk("iCCP", bytes('x', 0, 0, 1, 2, 3));
        byte[] text = PngFixtures.chunk("zTXt", bytes('k', 0, 0, 9, 9, 9, 9));
        RgbImage image = SyntheticImages.hard(5, 4);
        assertThat(ImageDecoder.STANDARD.decode(
                        PngFixtures.of(5, 4, 8, PngFixtures.RGB, image.rgb(), gamma, profile, text), "p.png"))
                .isEqualTo(image);
        assertThat(rgb(PngFixtures.of(1, 1, 8, PngFixtures.GREY, bytes(100), gamma)))
                .containsExactly(100, 100, 100);
    }

    @Test
    void aGifFrameUsesItsOwnPaletteBeforeTheCommonOne() {
        byte[] own = bytes(1, 2, 3, 4, 5, 6);
        assertThat(rgb(new GifFixtures(2, 1, FOUR_COLOURS)
                        .frame(0, 0, 2, 1, new byte[0], 3, 0)
                        .end()))
                .containsExactly(100, 110, 120, 10, 20, 30);
        assertThat(rgb(new GifFixtures(2, 1, FOUR_COLOURS)
                        .comment("hello")
                        .frame(0, 0, 2, 1, own, 1, 0)
                        .frame(0, 0, 2, 1, new byte[0], 2, 2)
                        .end()))
                .containsExactly(4, 5, 6, 1, 2, 3);
        assertThat(rgb(new GifFixtures(2, 1, new byte[0])
                        .frame(0, 0, 2, 1, new byte[0], 200, 7)
                        .end()))
                .containsExactly(200, 200, 200, 7, 7, 7);
    }

    @Test
    void aSmallGifFrameLiesOnItsScreen() {
        assertThat(rgb(new GifFixtures(3, 2, FOUR_COLOURS)
                        .frame(1, 1, 1, 1, new byte[0], 3)
                        .end()))
                .containsExactly(10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30, 100, 110, 120, 10, 20, 30);
        assertThat(rgb(new GifFixtures(2, 1, FOUR_COLOURS)
                        .transparent(2)
                        .frame(1, 0, 1, 1, new byte[0], 3)
                        .end()))
                .containsExactly(70, 80, 90, 100, 110, 120);
        assertThat(rgb(new GifFixtures(1, 1, FOUR_COLOURS)
                        .frame(1, 0, 1, 1, new byte[0], 1)
                        .end()))
                .containsExactly(10, 20, 30, 40, 50, 60);
    }

    @Test
    void aLongGifIsDecodedWhole() {
        int[] indices = IntStream.range(0, 40 * 30).map(i -> i * i % 251).toArray();
        int[] expected =
                IntStream.range(0, 3 * indices.length).map(i -> indices[i / 3]).toArray();
        assertThat(rgb(new GifFixtures(40, 30, new byte[0])
                        .frame(0, 0, 40, 30, new byte[0], indices)
                        .end()))
                .containsExactly(expected);
    }

    @Test
    void bitmapsOfEveryDepthAreExpanded() throws IOException {
        RgbImage image = SyntheticImages.hard(13, 7);
        assertThat(ImageDecoder.STANDARD.decode(bmp(JpegFixtures.buffered(image)), "a.bmp"))
                .isEqualTo(image);
        byte[] levels = new byte[256];
        levels[2] = (byte) 180;
        var indexed = new BufferedImage(
                3, 2, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 256, levels, levels, levels));
        indexed.getRaster().setSample(1, 1, 0, 2);
        assertThat(rgb(bmp(indexed))).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 180, 180, 180, 0, 0, 0);
        var packed = new BufferedImage(
                3, 2, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(4, 16, levels, levels, levels));
        packed.getRaster().setSample(1, 1, 0, 2);
        assertThat(rgb(bmp(packed))).containsExactly(rgb(bmp(indexed)));
        var grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(1, 0, 0, 100);
        assertThat(rgb(bmp(grey))).containsExactly(0, 0, 0, 100, 100, 100);
        var sixteen = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_555_RGB);
        sixteen.getRaster().setDataElements(0, 0, 2, 1, new short[] {3 << 10 | 17 << 5 | 31, 0});
        assertThat(rgb(bmp(sixteen))).containsExactly(24, 139, 255, 0, 0, 0);
    }

    private static byte[] bmp(BufferedImage image) throws IOException {
        var out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "bmp", out)).isTrue();
        return out.toByteArray();
    }

    @Test
    void losslessWebpIsExactAndItsAlphaIsDropped() {
        RgbImage image = SyntheticImages.hard(33, 17);
        assertThat(ImageDecoder.STANDARD.decode(WebpFixtures.lossless(image, 255), "a.webp"))
                .isEqualTo(image);
        assertThat(ImageDecoder.STANDARD.decode(WebpFixtures.lossless(image, 100), "a.webp"))
                .isEqualTo(image);
    }

    @Test
    void lossyWebpIsDecoded() {
        assertThat(ImageDecoder.STANDARD.decode(WebpFixtures.LOSSY, "a.webp"))
                .isEqualTo(SyntheticImages.of(1, 1, (x, y, channel) -> 130));
    }

    @Test
    void anAnimatedWebpGivesItsFirstFrameOnBlack() {
        RgbImage first = SyntheticImages.hard(3, 2);
        RgbImage decoded = ImageDecoder.STANDARD.decode(WebpFixtures.animated(first, 2, 4, 6, 7), "a.webp");
        assertThat(decoded.crop(2, 4, 3, 2)).isEqualTo(first);
        assertThat(decoded)
                .isEqualTo(SyntheticImages.of(
                        6,
                        7,
                        (x, y, channel) ->
                                x >= 2 && x < 5 && y >= 4 && y < 6 ? first.value(x - 2, y - 4, channel) : 0));
    }
}
