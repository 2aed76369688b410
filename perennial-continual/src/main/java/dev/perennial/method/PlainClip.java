package dev.perennial.method;

import dev.perennial.clip.ClassEmbeddings;
import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.TokenBatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** An adapted model that is a CLIP with other weights, or with parts of its own; knowing the task changes nothing. */
public final class PlainClip implements AdaptedClip {
    private final Clip clip;
    private final Tokenizer tokenizer;

    /** Views a model, which stays the caller's to close. */
    public PlainClip(Clip clip) {
        this(clip, clip.tokenizer());
    }

    private PlainClip(Clip clip, Tokenizer tokenizer) {
        this.clip = clip;
        this.tokenizer = tokenizer;
    }

    @Override
    public List<String> languages() {
        return List.copyOf(tokenizer.languages().merges().keySet());
    }

    @Override
    public AdaptedClip in(String language) {
        return new PlainClip(clip, clip.tokenizer().in(language));
    }

    @Override
    public Optional<Clip> exportable() {
        return clip.isExtended() ? Optional.empty() : Optional.of(clip);
    }

    @Override
    public Tensor embedImages(Tensor pixels) {
        return TensorScope.computeWithoutGradient(() -> Tensors.normalized(clip.encodeImages(pixels)));
    }

    @Override
    public Tensor embedTexts(List<String> texts) {
        TokenBatch tokens = TokenBatch.of(tokenizer.encodeAll(texts), tokenizer.endId());
        return TensorScope.computeWithoutGradient(() -> Tensors.normalized(clip.encodeTexts(tokens)));
    }

    @Override
    public ImageClassifier classifier(Candidates candidates, OptionalInt task) {
        // The classifier owns its classes, whether or not the caller has a scope of its own.
        try (var _ = new TensorScope()) {
            return new EmbeddingClassifier(
                    this, ClassEmbeddings.ofPrompts(this::embedTexts, candidates.prompts()), clip.logitScale());
        }
    }

    /** Cosines with one row for each class, times the logit scale. */
    private static final class EmbeddingClassifier implements ImageClassifier {
        private final AdaptedClip clip;
        private final Tensor classes;
        private final double logitScale;

        private EmbeddingClassifier(AdaptedClip clip, Tensor classes, double logitScale) {
            this.clip = clip;
            // It outlives the scope that it was computed in.
            this.classes = classes.retainReference();
            this.logitScale = logitScale;
        }

        @Override
        public Tensor logits(Tensor pixels) {
            return TensorScope.computeWithoutGradient(
                    () -> clip.embedImages(pixels).matmul(classes.t()).mul(new Scalar(logitScale)));
        }

        @Override
        public void close() {
            classes.close();
        }
    }
}
