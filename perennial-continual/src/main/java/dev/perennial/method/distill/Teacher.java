package dev.perennial.method.distill;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.MethodContext;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a frozen model answers on reference images and sentences. Neither it nor they change, so the answers are computed once and
 * kept as long as the teacher; a teacher without a cache computes them anew in every step, as ZSCL's repository does.
 */
final class Teacher implements AutoCloseable {
    private final Clip model;
    private final boolean owned;
    private final List<int[]> sentences;
    private final double logitScale;
    private final Optional<Tensor> sentenceFeatures;
    private final Optional<Tensor> imageFeatures;

    /**
     * Creates a teacher.
     *
     * @param owned whether the model is closed as soon as it is no longer needed
     * @param images reference images
     * @param sentences token ids
     */
    Teacher(Clip model, boolean owned, boolean cache, Dataset images, List<int[]> sentences, MethodContext context) {
        this.model = model;
        this.sentences = sentences;
        this.logitScale = model.logitScale();
        this.sentenceFeatures = cache ? Optional.of(kept(sentences, context)) : Optional.empty();
        this.imageFeatures = cache ? Optional.of(FrozenFeatures.ofImages(model, images, context)) : Optional.empty();
        if (owned && cache) {
            model.close();
        }
        this.owned = owned && !cache;
    }

    private Tensor kept(List<int[]> texts, MethodContext context) {
        try (var _ = new TensorScope();
                var _ = context.precision().begin()) {
            return FrozenFeatures.ofTexts(model, texts).retainReference();
        }
    }

    /** Returns the token ids of the sentences. */
    List<int[]> sentences() {
        return sentences;
    }

    /** Returns U, the features of the sentences, {@code [sentences, embedDim]}. */
    Tensor sentenceFeatures() {
        return sentenceFeatures.orElseGet(() -> FrozenFeatures.ofTexts(model, sentences));
    }

    /** Returns Vt, the features of a batch of the reference images, {@code [batch, embedDim]}. */
    Tensor imageFeatures(LoadedBatch batch, Tensor pixels) {
        return imageFeatures
                .map(all -> all.index_select(0, Tensors.indices(FrozenFeatures.positions(batch))))
                .orElseGet(() -> FrozenFeatures.ofBatch(model, pixels));
    }

    /** Returns the factor on its cosines. */
    double logitScale() {
        return logitScale;
    }

    @Override
    public void close() {
        sentenceFeatures.ifPresent(Tensor::close);
        imageFeatures.ifPresent(Tensor::close);
        if (owned) {
            model.close();
        }
    }
}
