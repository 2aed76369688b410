package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are an image within the limits, or are refused by name. */
class ImageDecoderFuzz {
    private static final ImageDecoder DECODER =
            ImageDecoder.STANDARD.withMaxPixels(1_000_000).withOrientation(true);

    static Stream<byte[]> seeds() {
        return HostileImagesTest.kinds().values().stream();
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] content) {
        try {
            RgbImage image = DECODER.decode(content, "any image");
            assertThat((long) image.width() * image.height()).isBetween(1L, 1_000_000L);
        } catch (ImageFormatException refusal) {
            assertThat(refusal).hasMessageStartingWith("any image: ");
        }
    }
}
