package dev.perennial.method.rail;

import dev.perennial.clip.tensor.TensorScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Joins zero-shot and regression scores (RAIL, section 4.4): an image whose most probable class by name is a learned one gets
 * {@code (1 - beta) p + beta r}; any other is left to the zero-shot classifier.
 *
 * @param beta share of the regression, in {@code [0, 1]}
 */
record Fusion(double beta) {
    /**
     * Tells which images the regression has a say in, {@code [batch, 1]}.
     *
     * @param zeroShot probabilities or logits, {@code [batch, classes]}
     * @param learned which classes were learned, {@code [classes]}
     */
    static Tensor gate(Tensor zeroShot, Tensor learned) {
        return TensorScope.compute(() -> learned.index_select(0, zeroShot.argmax(new LongOptional(1), false))
                .unsqueeze(1));
    }

    /**
     * Returns the scores of images that pass the gate, {@code [batch, classes]}.
     *
     * @param probabilities of the zero-shot classifier
     * @param regression scores, 0 for classes that were not learned
     */
    Tensor weighted(Tensor probabilities, Tensor regression) {
        return TensorScope.compute(() -> probabilities.mul(new Scalar(1 - beta)).add(regression.mul(new Scalar(beta))));
    }
}
