package dev.perennial.clip;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Scores images against a fixed set of class names, whose prompts are encoded once. */
public final class ZeroShotClassifier implements AutoCloseable {
    private final Clip clip;
    private final List<String> classNames;
    private final Tensor classes;

    ZeroShotClassifier(Clip clip, List<String> classNames, PromptTemplates templates) {
        this.clip = clip;
        this.classNames = List.copyOf(classNames);
        // The classifier owns its classes, whether or not the caller has a scope of its own.
        try (var _ = new TensorScope()) {
            this.classes = TensorScope.computeWithoutGradient(
                            () -> ClassEmbeddings.of(clip::embeddedTexts, this.classNames, templates))
                    .retainReference();
        }
    }

    /** Returns the class names in the order of the scores. */
    public List<String> classNames() {
        return classNames;
    }

    /** Returns {@code exp(logitScale) * cosine} for pixels {@code [batch, 3, size, size]}: {@code [batch, classes]}. */
    public Tensor logits(Tensor pixels) {
        return TensorScope.computeWithoutGradient(() -> Tensors.normalized(clip.encodeImages(pixels))
                .matmul(classes.t())
                .mul(new Scalar(clip.logitScale())));
    }

    /** Returns all classes for the image in a file, the most probable first. */
    public List<Prediction> classify(Path image) {
        try (var _ = new TensorScope()) {
            float[] probabilities =
                    Tensors.toFloats(logits(clip.pixels(List.of(image))).softmax(1));
            return IntStream.range(0, classNames.size())
                    .mapToObj(i -> new Prediction(classNames.get(i), probabilities[i]))
                    .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
                    .toList();
        }
    }

    @Override
    public void close() {
        classes.close();
    }
}
