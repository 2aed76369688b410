package dev.perennial.method.coleclip;

import dev.perennial.clip.tower.TokenBatch;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** What the learning of a task needs beside what is saved; all of it follows from the experience. */
final class CurrentTask implements AutoCloseable {
    private final List<String> classNames;
    private final TokenBatch classPrompts;
    private final TaskObjective objective;
    private final boolean hasSecondStage;
    private final int lastOfFirstStage;
    private Optional<Tensor> moved = Optional.empty();

    /**
     * Prepares a task.
     *
     * @param classNames in the order of the labels
     * @param classPrompts one for each class
     * @param lastOfFirstStage the last step, counted from 0, that has no negatives
     */
    CurrentTask(List<String> classNames, TokenBatch classPrompts, TaskObjective objective, int lastOfFirstStage) {
        this.classNames = classNames;
        this.classPrompts = classPrompts;
        this.objective = objective;
        this.hasSecondStage = !objective.negatives().isEmpty();
        this.lastOfFirstStage = lastOfFirstStage;
    }

    List<String> classNames() {
        return classNames;
    }

    TokenBatch classPrompts() {
        return classPrompts;
    }

    /** Returns the classification loss of a batch in this step, counted from 0. */
    Tensor loss(int step, Tensor views, Tensor fused, Vocabulary vocabulary, Tensor labels) {
        return hasSecondStage && step > lastOfFirstStage
                ? objective.second(views, fused, vocabulary.of(objective.negatives()), labels)
                : objective.first(views, fused, labels);
    }

    /** Keeps the embeddings that take the place of the vocabulary's if the step is taken. */
    void propose(Tensor embeddings) {
        drop();
        moved = Optional.of(embeddings.retainReference());
    }

    /** Puts what was proposed last into the vocabulary. */
    void accept(Vocabulary vocabulary) {
        moved.ifPresent(embeddings -> vocabulary.put(classNames, embeddings));
        drop();
    }

    private void drop() {
        moved.ifPresent(Tensor::close);
        moved = Optional.empty();
    }

    @Override
    public void close() {
        drop();
        objective.close();
    }
}
