package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecodingMemoryTest {
    private static final RgbImage PIXEL = new RgbImage(1, 1, new byte[3]);

    @Test
    void moreThanHalfOfTheHeapIsRefusedWithTheRemedy() {
        assertThatThrownBy(() ->
                        DecodingMemory.within("huge.gif", Runtime.getRuntime().maxMemory() * 6 / 10, () -> PIXEL))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageStartingWith("huge.gif: it takes ")
                .hasMessageContaining("more than half of the program's")
                .hasMessageEndingWith("give the program more memory (-Xmx) or leave it out");
    }

    @Test
    void anImageThatDoesNotFitIsRefusedByItsHeaderWhateverTheLimitOfPixels() {
        int side = (int) Math.sqrt(Runtime.getRuntime().maxMemory() / 3.0);
        byte[] gif = new GifFixtures(side, side, new byte[6])
                .frame(0, 0, 1, 1, new byte[0], 0)
                .end();
        ImageDecoder decoder = ImageDecoder.STANDARD.withMaxPixels((long) side * side);
        assertThatThrownBy(() -> decoder.decode(gif, "huge.gif"))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("more than half of the program's");
    }

    @Test
    void imagesThatDoNotFitTogetherWaitForEachOther() throws Exception {
        long large = Runtime.getRuntime().maxMemory() * 3 / 10;
        var together = new AtomicInteger();
        var most = new AtomicInteger();
        Callable<RgbImage> decoding = () -> DecodingMemory.within("large.gif", large, () -> {
            most.accumulateAndGet(together.incrementAndGet(), Math::max);
            assertThat(SyntheticImages.smooth(40, 40).width()).isEqualTo(40);
            together.decrementAndGet();
            return PIXEL;
        });
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var image : threads.invokeAll(
                    IntStream.range(0, 200).mapToObj(i -> decoding).toList())) {
                assertThat(image.get()).isEqualTo(PIXEL);
            }
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void aFailedDecodingGivesItsMemoryBack() throws IOException {
        long large = Runtime.getRuntime().maxMemory() * 3 / 10;
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> DecodingMemory.within("bad.gif", large, () -> {
                        throw new IOException("bad");
                    }))
                    .isInstanceOf(IOException.class);
        }
        assertThat(DecodingMemory.within("good.gif", large, () -> PIXEL)).isEqualTo(PIXEL);
    }
}
