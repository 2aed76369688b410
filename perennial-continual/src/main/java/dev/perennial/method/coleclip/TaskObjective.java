package dev.perennial.method.coleclip;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.LearnedClasses;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The losses of one task.
 *
 * @param scores which views speak for the task's classes and for the negatives
 * @param negatives class names of earlier tasks that are not of this one
 * @param negativesByTask which negatives each earlier task has taught, as places among them
 * @param margin decides which images get negatives
 */
record TaskObjective(PromptScores scores, List<String> negatives, List<int[]> negativesByTask, EnergyMargin margin)
        implements AutoCloseable {
    /** Below this an embedding counts as unmoved: the direction of its difference would be rounding alone. */
    private static final double UNMOVED = 1e-6;

    /**
     * Returns the objective of the task learned last.
     *
     * @param learned what all tasks taught, this one last
     * @param classNames of this task
     */
    static TaskObjective of(LearnedClasses learned, List<String> classNames, EnergyMargin margin) {
        List<Integer> tasks = PromptScores.tasks(learned);
        List<String> negatives = learned.entries().stream()
                .map(LearnedClasses.Entry::className)
                .distinct()
                .filter(name -> !classNames.contains(name))
                .toList();
        List<int[]> byTask = tasks.subList(0, tasks.size() - 1).stream()
                .map(task -> learned.entries().stream()
                        .filter(entry -> entry.experience() == task)
                        .mapToInt(entry -> negatives.indexOf(entry.className()))
                        .filter(place -> place >= 0)
                        .toArray())
                .toList();
        List<String> all =
                Stream.concat(classNames.stream(), negatives.stream()).toList();
        return new TaskObjective(PromptScores.of(learned, all), negatives, byTask, margin);
    }

    /**
     * Returns the first stage's loss: the cross entropies of the task's own view and of CLIP's, over the task's classes.
     *
     * @param views normalised, {@code [batch, tasks + 1, embedDim]}, the current task before CLIP's own
     * @param classes fused embeddings of the task's classes, {@code [classes, embedDim]}
     * @param labels {@code [batch]}
     */
    Tensor first(Tensor views, Tensor classes, Tensor labels) {
        return TensorScope.compute(() -> mean(
                torch.cross_entropy_loss(logits(views.select(1, -2), classes), labels),
                torch.cross_entropy_loss(plain(views, classes), labels)));
    }

    /**
     * Returns the second stage's loss: an image that is taken for another class, negatives included, is told from the negatives
     * that suit it; any other only from the task's classes.
     *
     * @param earlier embeddings of the negatives, {@code [negatives, embedDim]}
     */
    Tensor second(Tensor views, Tensor classes, Tensor earlier, Tensor labels) {
        return TensorScope.compute(() -> {
            int own = Math.toIntExact(classes.size(0));
            Tensor all = Tensors.concat(0, classes, earlier);
            Tensor byTask = byTask(views, all);
            Tensor plain = plain(views, all);
            Tensor mask = Tensors.concat(
                    1,
                    torch.zeros(new long[] {byTask.size(0), own}),
                    margin.mask(byTask.detach(), own, negativesByTask));
            Tensor among = mean(perSample(byTask.add(mask), labels), perSample(plain.add(mask), labels));
            Tensor within =
                    mean(perSample(byTask.narrow(1, 0, own), labels), perSample(plain.narrow(1, 0, own), labels));
            return torch.where(wrong(byTask, labels), among, within).mean();
        });
    }

    /** Returns the logits of classes by the views of the tasks that taught them, {@code [batch, classes]}. */
    Tensor byTask(Tensor views, Tensor classes) {
        return scores.of(views, classes, margin.logitScale());
    }

    /** Returns the logits of classes by CLIP's own view, {@code [batch, classes]}. */
    Tensor plain(Tensor views, Tensor classes) {
        return logits(views.select(1, -1), classes);
    }

    /** Tells which images have a class above their own, {@code [batch]}. */
    static Tensor wrong(Tensor logits, Tensor labels) {
        return TensorScope.compute(
                () -> logits.gather(1, labels.unsqueeze(1)).squeeze(1).lt(logits.amax(new long[] {1}, false)));
    }

    /**
     * Returns how far the fused embeddings have moved since the task began, in the mean over classes.
     *
     * @param start where they were, {@code [classes, embedDim]}
     */
    static Tensor drift(Tensor classes, Tensor start) {
        return TensorScope.compute(() -> {
            Tensor distances = torch.linalg_vector_norm(
                    classes.sub(start), new Scalar(2.0), new long[] {1}, false, new ScalarTypeOptional());
            return torch.where(distances.gt(new Scalar(UNMOVED)), distances, torch.zeros_like(distances))
                    .mean();
        });
    }

    private Tensor logits(Tensor features, Tensor classes) {
        return features.matmul(classes.t()).mul(new Scalar(margin.logitScale()));
    }

    private static Tensor perSample(Tensor logits, Tensor labels) {
        return torch.cross_entropy_loss(
                logits,
                labels,
                Tensors.none(),
                0, // one for each sample
                -100, // no label is ignored
                0);
    }

    private static Tensor mean(Tensor a, Tensor b) {
        return a.add(b).mul(new Scalar(0.5));
    }

    @Override
    public void close() {
        scores.close();
    }
}
