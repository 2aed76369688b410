package dev.perennial.benchmarks.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import dev.perennial.clip.Clip;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.clip.tower.TokenBatch;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxTowersTest {
    private static final int SIZE = 32;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Activation.class)
    void theExportedImageTowerGivesTheSameFeatures(Activation activation) {
        Path file = folder.resolve("image.onnx");
        try (Clip clip = model(activation);
                var _ = new TensorScope()) {
            OnnxTowers.writeImageTower(clip, file);
            Tensor pixels = torch.randn(3, 3, SIZE, SIZE);
            Tensor features = TensorScope.computeWithoutGradient(() -> clip.encodeImages(pixels));
            try (var session = new OnnxSession(file, 1);
                    OnnxTensor input = session.tensor(Tensors.toFloats(pixels), pixels.shape())) {
                assertSame(session.run(input), Tensors.toFloats(features));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void theExportedTextTowerGivesTheSameFeatures(Activation activation) {
        Path file = folder.resolve("text.onnx");
        try (Clip clip = model(activation);
                var _ = new TensorScope()) {
            OnnxTowers.writeTextTower(clip, file);
            int end = clip.tokenizer().endId();
            TokenBatch texts = TokenBatch.of(List.of(new int[] {5, 6, 7, 8, end}, new int[] {5, 9, end}), end);
            Tensor features = TensorScope.computeWithoutGradient(() -> clip.encodeTexts(texts));
            try (var session = new OnnxSession(file, 1);
                    OnnxTensor input = session.tensor(new long[] {5, 6, 7, 8, end, 5, 9, end, 0, 0}, 2, 5)) {
                assertSame(session.run(input), Tensors.toFloats(features));
            }
        }
    }

    private static void assertSame(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
        }
    }

    private static Clip model(Activation activation) {
        Tokenizer tokenizer = Tokenizer.openai();
        var tower = TransformerConfig.of(32, 2, 2, activation);
        var config = new ClipConfig(
                16,
                new VitConfig(SIZE, 8, tower),
                new TextConfig(20, tokenizer.vocabularySize(), tokenizer.endId(), tower));
        return new Clip(
                config, Initialization.draw(config, new RandomStream(1)), tokenizer, Preprocessing.openai(SIZE));
    }
}
