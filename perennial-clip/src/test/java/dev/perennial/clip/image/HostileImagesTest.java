package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perennial.clip.guard.OpenFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files under the usual limits of the decoder, in the small heap that this module's tests run in. */
@Timeout(300)
class HostileImagesTest {
    private static final RgbImage IMAGE = SyntheticImages.smooth(48, 32);
    private static final int MUTATIONS = Integer.getInteger("perennial.image.mutations", 500);

    @TempDir
    Path folder;

    /** Good files of every kind, from which the bad ones are made. */
    static Map<String, byte[]> kinds() {
        Map<String, byte[]> kinds = new LinkedHashMap<>();
        kinds.put("baseline.jpg", JpegFixtures.photo(IMAGE, false));
        kinds.put("progressive.jpg", JpegFixtures.photo(IMAGE, true));
        kinds.put("subsampled.jpg", JpegFixtures.subsampled(IMAGE, 2, 1));
        kinds.put("grey.jpg", JpegFixtures.raw(new int[][] {{1}, {200}}));
        kinds.put("cmyk.jpg", JpegFixtures.raw(new int[][] {{1, 2, 3, 4}, {200, 100, 50, 9}}));
        kinds.put("turned.jpg", JpegFixtures.withOrientation(JpegFixtures.photo(IMAGE, false), 6, true));
        kinds.put("rgb.png", PngFixtures.of(IMAGE));
        kinds.put("deep.png", PngFixtures.of(8, 8, 16, PngFixtures.RGBA, noise(8 * 8 * 8)));
        kinds.put("grey16.png", PngFixtures.of(8, 8, 16, PngFixtures.GREY, noise(8 * 8 * 2)));
        kinds.put(
                "palette.png",
                PngFixtures.of(8, 8, 4, PngFixtures.PALETTE, noise(8 * 4), PngFixtures.chunk("PLTE", noise(48))));
        kinds.put("bits.png", PngFixtures.of(16, 8, 1, PngFixtures.GREY, noise(16)));
        kinds.put("still.gif", gif(1));
        kinds.put("lossless.webp", WebpFixtures.lossless(IMAGE, 255));
        kinds.put("alpha.webp", WebpFixtures.lossless(IMAGE, 100));
        kinds.put("animated.webp", WebpFixtures.animated(IMAGE, 2, 2, 60, 40));
        kinds.put("lossy.webp", WebpFixtures.LOSSY);
        kinds.put("flat.webp", WebpBombs.flat(48, 32, WebpBombs.PREDICTOR, WebpBombs.COLOUR));
        return kinds;
    }

    private static byte[] gif(int frames) {
        int[] indices = new int[64];
        Arrays.setAll(indices, i -> i);
        var gif = new GifFixtures(8, 8, new byte[0]).comment("made for a test").transparent(3);
        for (int i = 0; i < frames; i++) {
            gif.frame(0, 0, 8, 8, new byte[0], indices);
        }
        return gif.end();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @TestFactory
    Stream<DynamicTest> everyKindIsReadWholeAndRefusedAtEachOfSixCuts() {
        return kinds().entrySet().stream()
                .flatMap(kind -> Stream.concat(
                        Stream.of(DynamicTest.dynamicTest(
                                kind.getKey(),
                                () -> assertThat(decoded(kind.getValue())).isNotNull())),
                        Stream.of(3, 15, 40, 60, 80, 85)
                                .map(percent -> DynamicTest.dynamicTest(
                                        kind.getKey() + " cut at " + percent + " %",
                                        () -> refused(cut(kind.getValue(), percent), "")))));
    }

    private static byte[] cut(byte[] file, int percent) {
        return Arrays.copyOf(file, file.length * percent / 100);
    }

    @TestFactory
    Stream<DynamicTest> whatIsNoImageIsRefusedWhateverItsName() {
        return Map.ofEntries(
                        Map.entry("a web page", ascii("\n<!DOCTYPE html><title>404</title>")),
                        Map.entry("SVG", ascii("<svg xmlns='http://www.w3.org/2000/svg'/>")),
                        Map.entry("JSON", ascii("{\"error\": \"quota\"}")),
                        Map.entry("a pointer of git-lfs", ascii("version https://git-lfs.github.com/spec/v1\n")),
                        Map.entry("PDF", ascii("%PDF-1.7\n")),
                        Map.entry("ZIP", ascii("PK\3\4 a zip")),
                        Map.entry("gzip", ascii("\u001f\u008b\b a gzip")),
                        Map.entry("a program", ascii("\u007fELF a program")),
                        Map.entry("TIFF", ascii("II*\0 a tiff")),
                        Map.entry("Photoshop", ascii("8BPS a psd")),
                        Map.entry("an icon", ascii("\0\0\1\0 an icon")),
                        Map.entry("AVIF", ascii("\0\0\0\034ftypavif")),
                        Map.entry("HEIC", ascii("\0\0\0\034ftypheic")),
                        Map.entry("MP4", ascii("\0\0\0\034ftypisom")),
                        Map.entry("JPEG 2000", ascii("\0\0\0\fjP  \r\n\u0087\n")),
                        Map.entry("a pickle", ascii("\u0080\2cos\nsystem\n")),
                        Map.entry("sound in RIFF", ascii("RIFF\4\0\0\0WAVE")),
                        Map.entry("zeros", new byte[1000]),
                        Map.entry("one byte", new byte[1]),
                        Map.entry("nothing", new byte[0]),
                        Map.entry("noise", noise(1000)))
                .entrySet()
                .stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> refused(file.getValue(), "")));
    }

    @TestFactory
    Stream<DynamicTest> bombsAreRefusedBeforeTheirPixelsAreMade() {
        Map<String, byte[]> bombs = new LinkedHashMap<>();
        for (String kind : new String[] {"baseline.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"}) {
            bombs.put("65,535 x 65,535 " + kind, jpegOf(kind, 65_535, 65_535));
            bombs.put("30,000 x 30,000 " + kind, jpegOf(kind, 30_000, 30_000));
        }
        byte[] zeros = PngFixtures.deflate(new byte[20_000_000]);
        bombs.put("65,535 x 65,535 bits.png", PngFixtures.file(65_535, 65_535, 1, PngFixtures.GREY, zeros));
        bombs.put("30,000 x 30,000 rgb.png", PngFixtures.file(30_000, 30_000, 8, PngFixtures.RGB, zeros));
        bombs.put("30,000 x 30,000 deep.png", PngFixtures.file(30_000, 30_000, 16, PngFixtures.RGBA, zeros));
        bombs.put("2^31 - 1 both ways", PngFixtures.file(-1 >>> 1, -1 >>> 1, 16, PngFixtures.RGBA, zeros));
        bombs.put("2^32 - 1 both ways", PngFixtures.file(-1, -1, 8, PngFixtures.RGB, zeros));
        bombs.put("one row of 10,000,000", PngFixtures.file(10_000_000, 1, 8, PngFixtures.GREY, zeros));
        bombs.put("one column of 10,000,000", PngFixtures.file(1, 10_000_000, 8, PngFixtures.GREY, zeros));
        bombs.put("one row of 65,536", PngFixtures.file(65_536, 1, 1, PngFixtures.GREY, zeros));
        bombs.put("65,535 x 65,535.gif", with(gif(1), 6, 0xff, 0xff, 0xff, 0xff));
        bombs.put("30,000 x 30,000.gif", with(gif(1), 6, 0x30, 0x75, 0x30, 0x75));
        bombs.put("run-length 30,000 x 30,000.bmp", bmp(30_000, 30_000, 8, 1));
        bombs.put("run-length 2^31 - 1.bmp", bmp(-1 >>> 1, -1 >>> 1, 8, 1));
        bombs.put("plain 65,535 x 65,535.bmp", bmp(65_535, 65_535, 24, 0));
        bombs.put("lowest height.bmp", bmp(10, Integer.MIN_VALUE, 24, 0));
        bombs.put("16,384 x 16,384.webp", WebpBombs.flat(16_384, 16_384));
        bombs.put("nested.webp", WebpBombs.nested(100_000));
        bombs.put("a thousand transforms.webp", WebpBombs.flat(4_000, 4_000, new int[1_000]));
        return bombs.entrySet().stream()
                .map(bomb -> DynamicTest.dynamicTest(bomb.getKey(), () -> refused(bomb.getValue(), "")));
    }

    private static byte[] jpegOf(String kind, int width, int height) {
        byte[] jpeg = kinds().getOrDefault(kind, new byte[0]).clone();
        int frame = JpegFixtures.position(jpeg, kind.startsWith("progressive") ? 0xc2 : 0xc0);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
        return jpeg;
    }

    private static byte[] with(byte[] file, int at, int... values) {
        byte[] changed = file.clone();
        for (int i = 0; i < values.length; i++) {
            changed[at + i] = (byte) values[i];
        }
        return changed;
    }

    private static byte[] bmp(int width, int height, int bits, int compression) {
        ByteBuffer file = ByteBuffer.allocate(2_000).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("BM")).putInt(2_000).putInt(0).putInt(54 + 1024);
        file.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) bits);
        return file.putInt(compression).array();
    }

    /** Ninety scans over 40 million pixels take seconds, over a thousand they are merely odd. */
    @Test
    void manyScansOfALargeJpegAreRefused() {
        byte[] small = withScans(jpegOf("progressive.jpg", 48, 32), 40);
        byte[] large = withScans(jpegOf("progressive.jpg", 8_000, 5_000), 40);
        assertThat(decoded(small)).isNotNull();
        refused(large, "scans, as only attacks have");
    }

    private static byte[] withScans(byte[] jpeg, int scans) {
        int first = JpegFixtures.position(jpeg, 0xda);
        int second = first + 2;
        while (jpeg[second] != (byte) 0xff || jpeg[second + 1] == 0) {
            second++;
        }
        var out = new ByteArrayOutputStream();
        out.write(jpeg, 0, second);
        for (int i = 0; i < scans; i++) {
            out.write(jpeg, first, second - first);
        }
        out.write(jpeg, second, jpeg.length - second);
        return out.toByteArray();
    }

    @Test
    void whatStandsBesideThePixelsIsNeverUnpacked() {
        byte[] bomb = PngFixtures.deflate(new byte[50_000_000]);
        byte[] profile = concatenated(ascii("icc\0\0"), bomb);
        byte[] png = PngFixtures.of(
                IMAGE.width(),
                IMAGE.height(),
                8,
                PngFixtures.RGB,
                IMAGE.rgb(),
                PngFixtures.chunk("iCCP", profile),
                PngFixtures.chunk("zTXt", concatenated(ascii("note\0\0"), bomb)),
                PngFixtures.chunk("iTXt", concatenated(ascii("note\0\1\0\0\0"), bomb)),
                PngFixtures.chunk("acTL", new byte[] {127, 0, 0, 0, 0, 0, 0, 0}));
        assertThat(decoded(png)).isEqualTo(IMAGE);
        byte[] jpeg = JpegFixtures.photo(IMAGE, false);
        RgbImage plain = decoded(jpeg);
        for (int i = 0; i < 20; i++) {
            jpeg = JpegFixtures.withSegment(jpeg, 0xe2, concatenated(ascii("ICC_PROFILE\0\1\377"), noise(60_000)));
        }
        assertThat(decoded(jpeg)).isEqualTo(plain);
        assertThat(decoded(gif(5_000))).isEqualTo(decoded(gif(1)));
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }

    /** An orientation that points before the file, beyond it, at itself, or to a directory without end. */
    @Test
    void exifThatLeadsAstrayCountsAsUpright() {
        byte[] jpeg = JpegFixtures.photo(IMAGE, false);
        ImageDecoder upright = ImageDecoder.STANDARD.withOrientation(true);
        RgbImage plain = upright.decode(jpeg, "plain");
        for (int directory : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 4, 60_000, -100}) {
            byte[] tiff = JpegFixtures.tiff(6, true);
            ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).putInt(4, directory);
            byte[] exif = concatenated(ascii("Exif\0\0"), tiff);
            assertThat(upright.decode(JpegFixtures.withSegment(jpeg, 0xe1, exif), "exif"))
                    .isEqualTo(plain);
        }
        byte[] endless = JpegFixtures.tiff(9, false);
        ByteBuffer.wrap(endless).putShort(8, (short) -1);
        byte[] exif = concatenated(ascii("Exif\0\0"), endless);
        assertThat(upright.decode(JpegFixtures.withSegment(jpeg, 0xe1, exif), "exif"))
                .isEqualTo(plain);
    }

    @Test
    void stripsAreResizedWhateverTheirProportions() {
        Preprocessing preparation = Preprocessing.openai(224);
        for (RgbImage strip : new RgbImage[] {
            new RgbImage(1, 65_535, new byte[3 * 65_535]), new RgbImage(65_535, 1, new byte[3 * 65_535])
        }) {
            assertThat(preparation.apply(strip)).hasSize(3 * 224 * 224);
        }
    }

    @Test
    void aFileThatIsLargerThanItsImageCouldBeIsNotReadAtAll() throws IOException {
        Path file = folder.resolve("sparse.jpg");
        Files.write(file, JpegFixtures.photo(IMAGE, false));
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        assertThatThrownBy(() -> ImageDecoder.STANDARD.decode(file))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("sparse.jpg: the file is larger than ");
    }

    @Test
    void foldersPipesAndDevicesAreNotOpened() throws Exception {
        Path pipe = folder.resolve("pipe.jpg");
        assumeTrue(Files.exists(Path.of("/dev/zero")), "this system has no devices");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path path : new Path[] {pipe, folder, Path.of("/dev/zero")}) {
            assertThatThrownBy(() -> ImageDecoder.STANDARD.decode(path))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(path + ": cannot be read (it is a ");
        }
    }

    @Test
    void aNameCannotSteerTheTerminalThatShowsIt() {
        assertThatThrownBy(() -> ImageDecoder.STANDARD.decode(new byte[1], "a\u001b[2J\n.jpg"))
                .hasMessageStartingWith("a\\u001b[2J\\u000a.jpg: ");
    }

    /** How many: {@code -Dperennial.image.mutations=5000}. */
    @Test
    void mutationsOfEveryKindAreReadOrRefused() throws IOException {
        byte[][] kinds = kinds().values().toArray(new byte[0][]);
        Path file = folder.resolve("mutation");
        for (int i = 0; i < MUTATIONS; i++) {
            var random = new Random(i);
            byte[] mutation = kinds[i % kinds.length].clone();
            int from = random.nextInt(4) == 0 ? 0 : random.nextInt(mutation.length);
            int changes = 1 + random.nextInt(8);
            IntStream.range(0, changes).forEach(_ -> {
                int at = from + random.nextInt(Math.min(64, mutation.length - from));
                mutation[at] = (byte) (random.nextBoolean() ? random.nextInt() : mutation[at] ^ 1 << random.nextInt(8));
            });
            // Writing over a file makes some file systems wait for the disk.
            Files.deleteIfExists(file);
            Files.write(file, mutation);
            try {
                RgbImage image = ImageDecoder.STANDARD.withOrientation(true).decode(file);
                assertThat((long) image.width() * image.height()).isBetween(1L, 128_000_000L);
            } catch (ImageFormatException refusal) {
                assertThat(refusal).hasMessageStartingWith(file.toString()).hasMessageEndingWith("leave it out");
            }
        }
        OpenFiles.assertNoneBelow(folder);
    }

    private static RgbImage decoded(byte[] file) {
        return ImageDecoder.STANDARD.decode(file, "good file");
    }

    private static void refused(byte[] file, String problem) {
        assertThatThrownBy(() -> ImageDecoder.STANDARD.decode(file, "bad file"))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageStartingWith("bad file: ")
                .hasMessageContaining(problem)
                .hasMessageEndingWith("leave it out");
    }
}
