package dev.perennial.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is called without a scope, as a user of the library does, leaves nothing native behind. */
class NativeMemoryTest {
    @TempDir
    Path folder;

    @Test
    void embeddingAndClassifyingLeaveNothingBehind() throws IOException {
        Path image = folder.resolve("a.png");
        ImageIO.write(new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
        try (Clip clip = TinyClip.create(1);
                ZeroShotClassifier classifier = clip.classifier(List.of("cat", "dog"))) {
            assertNothingIsLeft(500, () -> {
                clip.embedText("a dog");
                clip.embedImage(image);
                clip.logitScale();
                classifier.classify(image);
            });
        }
    }

    @Test
    void classifiersModelsAndCopiesAreFreedWhenClosed() {
        assertNothingIsLeft(20, () -> {
            try (Clip clip = TinyClip.create(2);
                    Clip copy = clip.copy();
                    Clip half = clip.inBfloat16();
                    ZeroShotClassifier classifier = copy.classifier(List.of("cat", "dog"));
                    ZeroShotClassifier other = half.classifier(List.of("cat"))) {
                assertThat(classifier.classNames()).hasSize(2);
                assertThat(other.classNames()).hasSize(1);
            }
        });
    }

    @Test
    void loadingAndSavingLeaveNothingBehind() {
        assertNothingIsLeft(5, () -> {
            try (Clip clip = TinyClip.create(3)) {
                clip.save(folder, StoredType.F16);
            }
            try (Clip loaded = Clip.load(folder)) {
                assertThat(loaded.logitScale()).isPositive();
            }
        });
    }

    @Test
    void aModelThatCannotBeBuiltLeavesNothingBehind() throws IOException {
        try (Clip clip = TinyClip.create(4)) {
            clip.save(folder, StoredType.F32);
        }
        for (String file : List.of("tokenizer.json", "vocab.json", "merges.txt")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        assertNothingIsLeft(5, () -> assertThatThrownBy(() -> Clip.load(folder)).hasMessageContaining("tokenizer"));
    }

    @Test
    void whatAScopeKeepsOutlivesItAndTheRestIsFreed() {
        assertNothingIsLeft(3, () -> {
            try (var _ = new TensorScope()) {
                long before = TensorScope.liveObjects();
                var kept = TensorScope.compute(() ->
                        Tensors.of(new float[] {1, 2}, 2).add(Tensors.of(new float[] {3, 4}, 2)));
                assertThat(TensorScope.liveObjects()).isEqualTo(before + 1);
                assertThat(Tensors.toFloats(kept)).containsExactly(4, 6);
            }
        });
    }

    private static void assertNothingIsLeft(int repetitions, Runnable work) {
        work.run(); // what is made once for the whole process does not count
        long base = TensorScope.liveObjects();
        for (int i = 0; i < repetitions; i++) {
            work.run();
            assertThat(TensorScope.liveObjects())
                    .as("native objects after repetition %d", i)
                    .isLessThanOrEqualTo(base);
        }
    }
}
