package dev.perennial.method.rail;

import dev.perennial.clip.ClassEmbeddings;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.LearnedClasses;
import dev.perennial.method.PlainClip;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The frozen model with a regression beside it: embeddings are those of the pretrained model, scores of learned classes are fused.
 * Where the task is known and was not learned, the zero-shot scores stand alone.
 */
record RailClip(PlainClip plain, double logitScale, Regression regression, LearnedClasses columns, Fusion fusion)
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
        int solved = regression.solved();
        boolean zeroShot = solved == 0 || (task.isPresent() && !teaches(task.getAsInt(), solved));
        if (zeroShot) {
            return plain.classifier(candidates, task);
        }
        try (var _ = new TensorScope()) {
            return new FusedClassifier(
                    ClassEmbeddings.ofPrompts(plain::embedTexts, candidates.prompts()),
                    assignment(candidates.classNames(), solved));
        }
    }

    private boolean teaches(int experience, int solved) {
        return columns.entries().stream().limit(solved).anyMatch(column -> column.experience() == experience);
    }

    /**
     * Says which of the first {@code solved} columns speak for which candidate: 1 where one does and 0 elsewhere,
     * {@code [solved, candidates]}.
     *
     * <p>Columns that speak for one candidate are summed: the regression is linear in its targets, so the sum is that of a
     * regression that had them as one class.
     */
    private Tensor assignment(List<String> candidates, int solved) {
        List<OptionalInt> places = columns.places(candidates);
        float[] assigned = new float[solved * candidates.size()];
        for (int column = 0; column < solved; column++) {
            OptionalInt place = places.get(column);
            if (place.isPresent()) {
                assigned[column * candidates.size() + place.getAsInt()] = 1;
            }
        }
        return Tensors.of(assigned, solved, candidates.size());
    }

    private final class FusedClassifier implements ImageClassifier {
        private final Tensor classes;
        private final Tensor assignment;
        private final Tensor learned;

        /**
         * Creates the classifier.
         *
         * @param classes rows of the zero-shot classifier
         * @param assignment of columns to candidates
         */
        private FusedClassifier(Tensor classes, Tensor assignment) {
            // They outlive the scope that they were computed in.
            this.classes = classes.retainReference();
            this.assignment = assignment.to(torch.ScalarType.Double).retainReference();
            this.learned =
                    assignment.amax(new long[] {0}, false).gt(new Scalar(0)).retainReference();
        }

        @Override
        public Tensor logits(Tensor pixels) {
            return TensorScope.computeWithoutGradient(() -> {
                Tensor features = plain.embedImages(pixels);
                Tensor zeroShot = features.matmul(classes.t()).mul(new Scalar(logitScale));
                Tensor scores = regression.scores(features).matmul(assignment).to(torch.ScalarType.Float);
                // An image that the gate keeps from the regression has the very logits of the pretrained model.
                Tensor fused = fusion.weighted(zeroShot.softmax(1), scores).mul(new Scalar(logitScale));
                return torch.where(Fusion.gate(zeroShot, learned), fused, zeroShot);
            });
        }

        @Override
        public void close() {
            classes.close();
            assignment.close();
            learned.close();
        }
    }
}
