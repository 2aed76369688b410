package dev.perennial.method.coleclip;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.LearnedClasses;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Which views of an image may speak for which classes: the views of the tasks that taught a class, or CLIP's own where none did. A
 * class has the score of the best of its views.
 */
final class PromptScores implements AutoCloseable {
    private final Tensor closed;

    private PromptScores(Tensor closed) {
        this.closed = closed.retainReference();
    }

    /**
     * Returns the scores of classes by name, such as the candidates of a classifier.
     *
     * @param learned what the tasks taught; a task is an experience, in the order of its first class
     */
    static PromptScores of(LearnedClasses learned, List<String> classes) {
        List<Integer> tasks = tasks(learned);
        List<OptionalInt> places = learned.places(classes);
        float[] closed = new float[(tasks.size() + 1) * classes.size()];
        int own = tasks.size() * classes.size();
        Arrays.fill(closed, 0, own, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < places.size(); i++) {
            OptionalInt place = places.get(i);
            if (place.isPresent()) {
                int task = tasks.indexOf(learned.entries().get(i).experience());
                closed[task * classes.size() + place.getAsInt()] = 0;
                closed[own + place.getAsInt()] = Float.NEGATIVE_INFINITY;
            }
        }
        try (var _ = new TensorScope()) {
            return new PromptScores(Tensors.of(closed, tasks.size() + 1, classes.size()));
        }
    }

    /** Returns the experiences that taught something, in order. */
    static List<Integer> tasks(LearnedClasses learned) {
        return learned.entries().stream()
                .map(LearnedClasses.Entry::experience)
                .distinct()
                .toList();
    }

    /**
     * Returns the logits, {@code [batch, classes]}.
     *
     * @param views normalised, {@code [batch, tasks + 1, embedDim]}, CLIP's own last
     * @param classes embeddings of length one, {@code [classes, embedDim]}
     */
    Tensor of(Tensor views, Tensor classes, double logitScale) {
        return TensorScope.compute(() -> views.matmul(classes.t())
                .mul(new Scalar(logitScale))
                .add(closed)
                .amax(new long[] {1}, false));
    }

    @Override
    public void close() {
        closed.close();
    }
}
