package dev.perennial.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTest {
    private static final List<String> TEXTS = List.of("a dog", "", "two birds on a wire", "a dog");

    @TempDir
    Path folder;

    @Test
    void aSavedModelComesBackWithTheSameFeaturesBitForBit() throws IOException {
        Path image = picture("a.png", 40, 24);
        try (Clip clip = TinyClip.create(1)) {
            clip.save(folder.resolve("model"), StoredType.F32);
            try (Clip loaded = Clip.load(folder.resolve("model"))) {
                assertThat(loaded.config()).isEqualTo(clip.config());
                assertThat(loaded.preprocessing()).isEqualTo(clip.preprocessing());
                assertThat(loaded.tokenizer().vocabulary())
                        .isEqualTo(clip.tokenizer().vocabulary());
                assertThat(loaded.tokenizer().contextLength()).isEqualTo(40);
                assertThat(loaded.embedTexts(TEXTS)).isDeepEqualTo(clip.embedTexts(TEXTS));
                assertThat(loaded.embedImage(image)).isEqualTo(clip.embedImage(image));
                assertThat(loaded.logitScale()).isEqualTo(clip.logitScale());
            }
        }
    }

    @Test
    void aModelStoredInHalfPrecisionGivesNearlyTheSameFeatures() {
        try (Clip clip = TinyClip.create(2)) {
            for (StoredType type : List.of(StoredType.F16, StoredType.BF16)) {
                clip.save(folder.resolve(type.name()), type);
                try (Clip loaded = Clip.load(folder.resolve(type.name()))) {
                    assertThat(cosine(clip.embedText("a dog"), loaded.embedText("a dog")))
                            .isGreaterThan(0.999);
                }
            }
        }
    }

    @Test
    void embeddingsHaveLengthOneAndDoNotDependOnTheRestOfTheBatch() throws IOException {
        List<Path> images = List.of(picture("a.png", 16, 16), picture("b.png", 33, 17), picture("c.png", 8, 50));
        try (Clip clip = TinyClip.create(3)) {
            float[][] texts = clip.embedTexts(TEXTS);
            float[][] pictures = clip.embedImages(images);
            assertThat(texts).hasNumberOfRows(4);
            assertThat(pictures).hasNumberOfRows(3);
            for (float[] row : texts) {
                assertThat(row).hasSize(8);
                assertThat(Math.sqrt(cosine(row, row))).isCloseTo(1, within(1e-6));
            }
            for (int i = 0; i < images.size(); i++) {
                assertThat(pictures[i]).containsExactly(clip.embedImage(images.get(i)), within(1e-6f));
            }
            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(texts[i]).containsExactly(clip.embedText(TEXTS.get(i)), within(1e-6f));
            }
            assertThat(texts[0]).isEqualTo(texts[3]);
        }
    }

    @Test
    void aTextLongerThanTheContextIsCutAndStillEnds() {
        try (Clip clip = TinyClip.create(4)) {
            String start = "x".repeat(60);
            assertThat(clip.embedText(start)).isEqualTo(clip.embedText(start + " and more that nobody reads"));
        }
    }

    @Test
    void aCopyIsIndependent() {
        try (Clip clip = TinyClip.create(5);
                Clip copy = clip.copy();
                var _ = new TensorScope()) {
            float[] before = clip.embedText("a dog");
            assertThat(copy.embedText("a dog")).isEqualTo(before);
            copy.parameters().get("text_projection").fill_(Tensors.of(new float[] {0.5f}));
            assertThat(clip.embedText("a dog")).isEqualTo(before);
            assertThat(copy.embedText("a dog")).isNotEqualTo(before);
        }
    }

    @Test
    void bfloat16GivesNearlyTheSameFeaturesAsFloat32() throws IOException {
        Path image = picture("a.png", 20, 20);
        try (Clip clip = TinyClip.create(6);
                Clip half = clip.inBfloat16()) {
            assertThat(cosine(clip.embedText("a dog"), half.embedText("a dog"))).isGreaterThan(0.995);
            assertThat(cosine(clip.embedImage(image), half.embedImage(image))).isGreaterThan(0.995);
            assertThat(half.logitScale()).isEqualTo(clip.logitScale());
        }
    }

    @Test
    void aClassifierRanksAllClassesByCosineTimesTheLogitScale() throws IOException {
        Path image = picture("a.png", 20, 20);
        List<String> names = List.of("cat", "dog", "aeroplane");
        try (Clip clip = TinyClip.create(7);
                ZeroShotClassifier classifier = clip.classifier(names, PromptTemplates.of("{}"))) {
            float[] picture = clip.embedImage(image);
            double[] exponentials = names.stream()
                    .mapToDouble(name -> Math.exp(clip.logitScale() * cosine(picture, clip.embedText(name))))
                    .toArray();
            List<Prediction> predictions = classifier.classify(image);
            assertThat(predictions)
                    .extracting(Prediction::label)
                    .containsExactlyInAnyOrderElementsOf(classifier.classNames());
            assertThat(predictions)
                    .extracting(Prediction::probability)
                    .isSortedAccordingTo((a, b) -> Double.compare(b, a));
            predictions.forEach(prediction -> assertThat(prediction.probability())
                    .isCloseTo(
                            exponentials[names.indexOf(prediction.label())]
                                    / Arrays.stream(exponentials).sum(),
                            within(1e-4)));
        }
    }

    @Test
    void aBatchWithoutImagesGivesScoresWithoutRows() {
        try (Clip clip = TinyClip.create(8);
                ZeroShotClassifier classifier = clip.classifier(List.of("cat", "dog"));
                var _ = new TensorScope()) {
            Tensor none = Tensors.of(new float[0], 0, 3, TinyClip.IMAGE_SIZE, TinyClip.IMAGE_SIZE);
            assertThat(classifier.logits(none).shape()).containsExactly(0, 2);
        }
    }

    @Test
    void noClassNamesAndNoTextsAreRefused() {
        try (Clip clip = TinyClip.create(9)) {
            assertThatThrownBy(() -> clip.classifier(List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one label");
            assertThatThrownBy(() -> clip.embedTexts(List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one text");
        }
    }

    @Test
    void aTokenizerWithMoreTokensThanTheModelIsRefused() {
        try (Clip clip = TinyClip.create(10)) {
            clip.save(folder, StoredType.F32);
        }
        assertThat(folder.resolve("tokenizer.json")).exists();
        delete(folder.resolve("tokenizer.json"));
        delete(folder.resolve("vocab.json"));
        delete(folder.resolve("merges.txt"));
        assertThatThrownBy(() -> Clip.load(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("49408 tokens")
                .hasMessageContaining("514");
    }

    private Path picture(String name, int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, (x * 37 + y * 91 + name.hashCode()) & 0xffffff);
            }
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }
}
