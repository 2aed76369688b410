package dev.perennial.method;

import org.bytedeco.pytorch.Tensor;

/** Scores images against a fixed list of classes. */
public interface ImageClassifier extends AutoCloseable {
    /** Returns logits {@code [batch, classes]} for pixels {@code [batch, 3, size, size]}, each image decided alone. */
    Tensor logits(Tensor pixels);

    @Override
    void close();
}
