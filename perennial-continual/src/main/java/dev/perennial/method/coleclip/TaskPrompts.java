package dev.perennial.method.coleclip;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.ReaderSite;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The prompts of all tasks so far. They read the image; a prompt also sees those of its own task and of earlier ones, so that a task
 * that comes later changes nothing for the earlier.
 */
final class TaskPrompts implements ReaderSite, AutoCloseable {
    /** Prompts start between 0 and this. */
    private static final float LARGEST_START = 0.01f;

    private final int perTask;
    private final int width;
    private final List<Tensor> prompts = new ArrayList<>();

    /**
     * Creates no prompts yet.
     *
     * @param perTask prompts of a task
     * @param width of the image tower
     */
    TaskPrompts(int perTask, int width) {
        this.perTask = perTask;
        this.width = width;
    }

    /** Adds the prompts of a new task. */
    void add(RandomStream random) {
        float[] start = new float[perTask * width];
        for (int i = 0; i < start.length; i++) {
            start[i] = random.nextFloat(LARGEST_START);
        }
        try (var _ = new TensorScope()) {
            prompts.add(Tensors.of(start, perTask, width).retainReference());
        }
    }

    /** Returns the number of tasks. */
    int tasks() {
        return prompts.size();
    }

    /** Returns the prompts of one task, {@code [perTask, width]}. */
    Tensor of(int task) {
        return prompts.get(task);
    }

    @Override
    public List<Tensor> groups() {
        return List.copyOf(prompts);
    }

    /**
     * Returns what the tasks see of images, and last what plain CLIP sees: {@code [batch, tasks + 1, embedDim]}, before
     * normalisation. A task's view is the mean of its prompts' features, averaged with CLIP's own.
     *
     * @param encoded CLIP's own feature and those of all prompts, {@code [batch, 1 + prompts, embedDim]}
     */
    Tensor views(Tensor encoded) {
        return TensorScope.compute(() -> {
            Tensor own = encoded.narrow(1, 0, 1);
            Tensor ofTasks = encoded.narrow(1, 1, encoded.size(1) - 1)
                    .reshape(encoded.size(0), tasks(), perTask, encoded.size(2))
                    .mean(new long[] {2}, false, new ScalarTypeOptional());
            return Tensors.concat(1, ofTasks.add(own).mul(new Scalar(0.5)), own);
        });
    }

    long count() {
        return (long) tasks() * perTask * width;
    }

    void save(StateWriter state) {
        for (int task = 0; task < tasks(); task++) {
            state.tensor(String.valueOf(task), prompts.get(task));
        }
    }

    void restore(StateReader state) {
        close();
        SequencedMap<String, Tensor> restored = state.tensors();
        for (int task = 0; task < restored.size(); task++) {
            prompts.add(restored.get(String.valueOf(task)));
        }
    }

    @Override
    public void close() {
        prompts.forEach(Tensor::close);
        prompts.clear();
    }
}
