package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderRobustnessTest {
    private static final RgbImage IMAGE = SyntheticImages.smooth(40, 30);
    private static final ImageDecoder DECODER = ImageDecoder.STANDARD.withMaxPixels(1_000_000);

    private static final Map<String, byte[]> VALID = valid();

    private static Map<String, byte[]> valid() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("baseline.jpg", JpegFixtures.photo(IMAGE, false));
        files.put("progressive.jpg", JpegFixtures.photo(IMAGE, true));
        files.put("cmyk.jpg", JpegFixtures.raw(new int[][] {{1, 2, 3, 4}, {200, 100, 50, 9}}));
        files.put("rgb.png", PngFixtures.of(IMAGE));
        int[] indices = new int[1200];
        Arrays.setAll(indices, i -> i % 256);
        files.put(
                "grey.gif",
                new GifFixtures(40, 30, new byte[0])
                        .frame(0, 0, 40, 30, new byte[0], indices)
                        .end());
        files.put("rgb.bmp", bmp());
        files.put("lossless.webp", WebpFixtures.lossless(IMAGE, 255));
        files.put("animated.webp", WebpFixtures.animated(IMAGE, 2, 2, 50, 40));
        files.put("lossy.webp", WebpFixtures.LOSSY);
        return files;
    }

    private static byte[] bmp() {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(JpegFixtures.buffered(IMAGE), "bmp", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] copy(String name) {
        return Objects.requireNonNull(VALID.get(name)).clone();
    }

    private static void refused(byte[] file, String problem) {
        assertThatThrownBy(() -> DECODER.decode(file, "bad file"))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageStartingWith("bad file: ")
                .hasMessageContaining(problem)
                .hasMessageFindingMatch("; (fetch it again|raise the limit) or leave it out");
    }

    /** Nine files cut at eight places each. */
    @TestFactory
    Stream<DynamicTest> truncatedFilesAreRefused() {
        return VALID.entrySet().stream()
                .flatMap(entry -> Stream.of(1, 2, 5, 10, 25, 50, 75, 90)
                        .map(percent -> DynamicTest.dynamicTest(entry.getKey() + " cut at " + percent + " %", () -> {
                            byte[] file = entry.getValue();
                            refused(Arrays.copyOf(file, file.length * percent / 100), "");
                        })));
    }

    @Test
    void filesThatAreNoImagesSayWhatTheyLookLike() {
        refused(new byte[0], "the file is empty");
        refused("  <!DOCTYPE html><html>404</html>".getBytes(StandardCharsets.UTF_8), "starts like a web page");
        refused("\0\0\0\034ftypavif".getBytes(StandardCharsets.ISO_8859_1), "ISO media file");
        refused(new byte[] {1, 2, (byte) 0xff}, "starts with bytes 01 02 ff");
        refused("\u00ff\u00d8\u00ff".getBytes(StandardCharsets.ISO_8859_1), "ends before its frame header");
        refused("GIF89a".getBytes(StandardCharsets.ISO_8859_1), "truncated");
        refused("BM".getBytes(StandardCharsets.ISO_8859_1), "truncated");
        refused("RIFF\4\0\0\0WEBP".getBytes(StandardCharsets.ISO_8859_1), "no image data");
    }

    @Test
    void bombsAreRefusedByTheirHeaders() {
        byte[] jpeg = copy("baseline.jpg");
        ByteBuffer.wrap(jpeg).putInt(JpegFixtures.position(jpeg, 0xc0) + 5, 0xffff_ffff);
        refused(jpeg, "65535 x 65535 pixels, more than 1000000");
        byte[] zeros = PngFixtures.deflate(new byte[50_000_000]);
        refused(PngFixtures.file(30_000, 30_000, 8, PngFixtures.RGB, zeros), "cannot hold 30000 x 30000");
        refused(PngFixtures.file(65_535, 65_535, 1, PngFixtures.GREY, zeros), "cannot hold 65535 x 65535");
        refused(PngFixtures.file(5_000, 5_000, 1, PngFixtures.GREY, zeros), "5000 x 5000 pixels, more than");
        byte[] gif = copy("grey.gif");
        Arrays.fill(gif, 6, 10, (byte) 0xff);
        refused(gif, "65535 x 65535 pixels, more than");
        byte[] bmp = copy("rgb.bmp");
        ByteBuffer.wrap(bmp).putInt(18, 0xffff_0000).putInt(22, 0xffff_0000).putInt(30, 0x0100_0000);
        refused(bmp, "65535 x 65535 pixels, more than");
        byte[] webp = copy("animated.webp");
        Arrays.fill(webp, 24, 30, (byte) 0xfe);
        refused(webp, "16711423 x 16711423 pixels, more than");
        byte[] still = copy("lossless.webp");
        Arrays.fill(still, 21, 25, (byte) 0x0f);
        refused(still, "pixels, more than");
    }

    @Test
    void filesOverTheSizeLimitAreRefused(@TempDir Path folder) throws IOException {
        byte[] file = copy("rgb.png");
        Path path = Files.write(folder.resolve("large.png"), file);
        ImageDecoder small = DECODER.withMaxBytes(file.length - 1);
        assertThatThrownBy(() -> small.decode(path))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("large.png: the file is larger than " + (file.length - 1) + " bytes");
        assertThat(DECODER.withMaxBytes(file.length).decode(path)).isEqualTo(IMAGE);
    }

    @Test
    void aMissingFileIsNotAFormatError(@TempDir Path folder) {
        assertThatThrownBy(() -> DECODER.decode(folder.resolve("none.png")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.png: cannot be read");
    }

    @Test
    void damagedPngDataAreNoticed() {
        byte[] png = copy("rgb.png");
        png[png.length - 30] ^= 1;
        refused(png, "the checksum of its chunk IDAT is wrong");
        refused(PngFixtures.file(4, 4, 8, PngFixtures.RGB, PngFixtures.deflate(new byte[20])), "");
        refused(PngFixtures.file(4, 4, 8, PngFixtures.RGB, new byte[] {1, 2, 3, 4}), "");
        refused(PngFixtures.file(4, 4, 3, PngFixtures.RGB, new byte[] {1, 2, 3, 4}), "");
        refused(PngFixtures.file(4, 4, 200, PngFixtures.PALETTE, new byte[] {1}), "200 bits");
        refused(PngFixtures.file(0, 4, 8, PngFixtures.RGB, new byte[] {1}), "0 x 4 pixels");
        refused(PngFixtures.of(2, 1, 8, PngFixtures.PALETTE, new byte[] {0, 1}), "");
    }

    @Test
    void unusualJpegsAreRefusedWithTheReason() {
        byte[] jpeg = copy("baseline.jpg");
        int frame = JpegFixtures.position(jpeg, 0xc0);
        for (int marker : List.of(0xc3, 0xc5, 0xc9, 0xcf)) {
            byte[] other = jpeg.clone();
            other[frame + 1] = (byte) marker;
            refused(other, "lossless, hierarchical and arithmetic-coded");
        }
        byte[] deep = jpeg.clone();
        deep[frame + 4] = 12;
        refused(deep, "12 bits a sample");
        byte[] flat = jpeg.clone();
        flat[frame + 5] = 0;
        flat[frame + 6] = 0;
        refused(flat, "40 x 0 pixels");
        byte[] twoComponents = jpeg.clone();
        twoComponents[frame + 9] = 2;
        refused(twoComponents, "2 components");
        var scans = new ByteArrayOutputStream();
        scans.write(jpeg, 0, jpeg.length - 2);
        int scan = JpegFixtures.position(jpeg, 0xda);
        for (int i = 0; i < 200; i++) {
            scans.write(jpeg, scan, jpeg.length - 2 - scan);
        }
        refused(scans.toByteArray(), "more than 100 scans");
    }

    @Test
    void headersThatPromiseMoreThanTheDataAreRefused() {
        byte[] webp = copy("lossless.webp");
        ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putInt(21, 999 << 14 | 999);
        refused(webp, "its data end before its pixels");
        byte[] gif = copy("grey.gif");
        ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 0xffff_ffff);
        refused(gif, "cannot hold 65535 x 65535 pixels");
    }

    @Test
    void bitmapsThatHideOtherFormatsAreRefused() {
        byte[] bmp = copy("rgb.bmp");
        bmp[30] = 4;
        refused(bmp, "holds another format");
        bmp[30] = 0;
        bmp[10] = (byte) 0xff;
        bmp[13] = 0x7f;
        refused(bmp, "truncated");
    }

    @Test
    void refusesLimitsThatNoArrayCanHold() {
        assertThatThrownBy(() -> DECODER.withMaxPixels(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DECODER.withMaxPixels(1L << 40)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DECODER.withMaxBytes(1L << 40)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 3000)
    void mutatedFilesGiveAnImageOrTheTypedException(
            @ForAll @IntRange(min = 0, max = 8) int which,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 1 << 20) Integer> places,
            @ForAll @IntRange(min = 0, max = 255) int value,
            @ForAll boolean nearTheStart) {
        byte[] file = List.copyOf(VALID.values()).get(which).clone();
        for (int place : places) {
            int at = place % (nearTheStart ? Math.min(64, file.length) : file.length);
            file[at] = (byte) (value + 31 * place);
        }
        decodesOrRefuses(file);
    }

    @Property(tries = 500)
    void randomBytesAfterAnySignatureGiveAnImageOrTheTypedException(
            @ForAll @IntRange(min = 0, max = 8) int which, @ForAll byte[] bytes) {
        byte[] start = List.copyOf(VALID.values()).get(which);
        byte[] file = Arrays.copyOf(start, 33 + bytes.length);
        System.arraycopy(bytes, 0, file, 33, bytes.length);
        decodesOrRefuses(file);
    }

    private static void decodesOrRefuses(byte[] file) {
        try {
            RgbImage image = DECODER.withOrientation(true).decode(file, "mutant");
            assertThat((long) image.width() * image.height()).isBetween(1L, 1_000_000L);
        } catch (ImageFormatException e) {
            assertThat(e).hasMessageStartingWith("mutant: ");
        }
    }
}
