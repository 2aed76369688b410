package dev.perennial.method.coleclip;

import dev.perennial.clip.ClassEmbeddings;
import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.LearnedClasses;
import dev.perennial.method.PlainClip;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The frozen model with prompts and a vocabulary beside it. Embeddings are those of the pretrained model; a learned class is scored by
 * its embedding in the vocabulary and the views of the tasks that taught it, any other as plain CLIP does. Knowing the task changes
 * nothing but the candidates.
 */
record PromptedClip(
        Clip clip,
        PlainClip plain,
        TowerSites sites,
        TaskPrompts prompts,
        Vocabulary vocabulary,
        LearnedClasses learned)
        implements AdaptedClip {
    @Override
    public Tensor embedImages(Tensor pixels) {
        return plain.embedImages(pixels);
    }

    @Override
    public Tensor embedTexts(List<String> texts) {
        return plain.embedTexts(texts);
    }

    @Override
    public ImageClassifier classifier(Candidates candidates, OptionalInt task) {
        if (prompts.tasks() == 0) {
            return plain.classifier(candidates, task);
        }
        try (var _ = new TensorScope()) {
            return new PromptClassifier(
                    embeddings(candidates), PromptScores.of(learned, candidates.classNames()), clip.logitScale());
        }
    }

    /** Returns the embedding of each candidate: the vocabulary's, or else the zero-shot one. */
    private Tensor embeddings(Candidates candidates) {
        List<OptionalInt> places = learned.places(candidates.classNames());
        boolean[] known = new boolean[candidates.classNames().size()];
        places.forEach(place -> place.ifPresent(candidate -> known[candidate] = true));
        int[] learnedPlaces =
                IntStream.range(0, known.length).filter(i -> known[i]).toArray();
        int[] others = IntStream.range(0, known.length).filter(i -> !known[i]).toArray();
        Tensor embeddings = zeros(known.length);
        if (learnedPlaces.length > 0) {
            embeddings.index_copy_(
                    0,
                    Tensors.indices(learnedPlaces),
                    vocabulary.of(IntStream.of(learnedPlaces)
                            .mapToObj(candidates.classNames()::get)
                            .toList()));
        }
        if (others.length > 0) {
            List<List<String>> prompts = candidates.prompts();
            embeddings.index_copy_(
                    0,
                    Tensors.indices(others),
                    ClassEmbeddings.ofPrompts(
                            plain::embedTexts,
                            IntStream.of(others).mapToObj(prompts::get).toList()));
        }
        return embeddings;
    }

    private Tensor zeros(int rows) {
        return Tensors.of(
                new float[rows * clip.config().embedDim()], rows, clip.config().embedDim());
    }

    private final class PromptClassifier implements ImageClassifier {
        private final Tensor classes;
        private final PromptScores scores;
        private final double logitScale;

        private PromptClassifier(Tensor classes, PromptScores scores, double logitScale) {
            // It outlives the scope that it was computed in.
            this.classes = classes.retainReference();
            this.scores = scores;
            this.logitScale = logitScale;
        }

        @Override
        public Tensor logits(Tensor pixels) {
            return TensorScope.computeWithoutGradient(() -> {
                Tensor views = prompts.views(clip.encodeImages(pixels, sites));
                return scores.of(Tensors.normalized(views), classes, logitScale);
            });
        }

        @Override
        public void close() {
            classes.close();
            scores.close();
        }
    }
}
