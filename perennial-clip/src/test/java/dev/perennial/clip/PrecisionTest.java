package dev.perennial.clip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Initialization;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class PrecisionTest {
    private static final List<String> TEXTS = List.of("a dog", "two boats on a lake at night");

    @Test
    void bfloat16KeepsTheDirectionOfEveryEmbedding() {
        try (Clip clip = tiny();
                Clip half = clip.inBfloat16();
                var _ = new TensorScope()) {
            Tensor pixels = torch.rand(new long[] {3, 3, 32, 32});
            Tensor images = clip.encodeImages(pixels);
            Tensor texts = clip.encodeTexts(clip.tokens(TEXTS));
            assertSameDirection(half.encodeImages(pixels), images);
            assertSameDirection(half.encodeTexts(half.tokens(TEXTS)), texts);
            try (var _ = Precision.BFLOAT16.begin()) {
                assertSameDirection(clip.encodeImages(pixels), images);
                assertSameDirection(clip.encodeTexts(clip.tokens(TEXTS)), texts);
            }
            assertThat(Tensors.toFloats(clip.encodeImages(pixels)))
                    .as("float32 again after the guard is closed")
                    .containsExactly(Tensors.toFloats(images));
        }
    }

    private static void assertSameDirection(Tensor actual, Tensor expected) {
        float[] cosines = Tensors.toFloats(
                Tensors.normalized(actual).mul(Tensors.normalized(expected)).sum(1));
        for (float cosine : cosines) {
            assertThat(cosine).isGreaterThan(0.999f);
        }
    }

    private static Clip tiny() {
        var config = new ClipConfig(
                32,
                new VitConfig(32, 8, TransformerConfig.of(64, 3, 2, Activation.QUICK_GELU)),
                new TextConfig(77, 49408, 49407, TransformerConfig.of(64, 2, 2, Activation.QUICK_GELU)));
        return new Clip(
                config, Initialization.draw(config, new RandomStream(3)), Tokenizer.openai(), Preprocessing.openai(32));
    }
}
