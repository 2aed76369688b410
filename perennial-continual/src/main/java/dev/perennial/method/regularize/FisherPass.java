package dev.perennial.method.regularize;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.method.Batch;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.MethodContext;
import dev.perennial.method.Ranges;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import java.util.Arrays;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Estimates the diagonal of the Fisher matrix as the mean over batches of the squared gradient of the batch's loss, as the oEWC of
 * CLL-CLIP's repository does; with batches of one sample it is the empirical Fisher matrix.
 */
final class FisherPass {
    private final Clip student;
    private final TaskLoss task;
    private final Settings settings;
    private final MethodContext context;

    /**
     * How much work it is.
     *
     * @param samples largest number of samples of an experience, drawn at random; 0 for all
     * @param batchSize samples whose gradients are averaged before they are squared
     */
    record Settings(int samples, int batchSize) {
        Settings {
            Ranges.atLeast("fisher-samples", 0, samples);
            Ranges.atLeast("fisher-batch-size", 1, batchSize);
        }
    }

    FisherPass(Clip student, TaskLoss task, Settings settings, MethodContext context) {
        this.student = student;
        this.task = task;
        this.settings = settings;
        this.context = context;
    }

    /** Returns the estimate for each trained weight, for the caller to close. */
    SequencedMap<String, Tensor> of(Experience experience) {
        SequencedMap<String, Tensor> squares = new TreeMap<>();
        try (var _ = new TensorScope()) {
            student.parameters()
                    .trained()
                    .forEach((name, weight) ->
                            squares.put(name, torch.zeros_like(weight).detach().retainReference()));
        }
        Dataset drawn = experience.train().select(positions(experience.train().size()));
        var order = BatchSampler.sequential(drawn.size(), settings.batchSize());
        int batches = 0;
        try (Loader loader = context.images().load(drawn, order, order.start())) {
            while (loader.hasNext()) {
                add(squares, experience, loader.next());
                batches++;
            }
        }
        divide(squares, Math.max(1, batches));
        return squares;
    }

    private int[] positions(int size) {
        boolean all = settings.samples() == 0 || settings.samples() >= size;
        int[] shuffled = context.random().stream("fisher samples").permutation(size);
        int[] positions = all ? shuffled : Arrays.copyOf(shuffled, settings.samples());
        Arrays.sort(positions);
        return positions;
    }

    private void add(SequencedMap<String, Tensor> squares, Experience experience, LoadedBatch loaded) {
        try (var _ = new TensorScope()) {
            var batch = new Batch(experience, loaded.samples(), FrozenFeatures.pixels(loaded));
            Tensor loss;
            try (var _ = context.precision().begin()) {
                loss = task.forward(batch).loss();
            }
            loss.backward();
            try (var _ = new AutoGradMode(false)) {
                student.parameters().trained().forEach((name, weight) -> {
                    Tensor square = squares.get(name);
                    if (square != null && weight.grad().defined()) {
                        Tensor gradient = torch.nan_to_num(weight.grad());
                        square.addcmul_(gradient, gradient, new Scalar(1.0));
                    }
                    weight.mutable_grad().reset();
                });
            }
        }
    }

    private static void divide(SequencedMap<String, Tensor> squares, int batches) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            squares.values().forEach(square -> square.div_(new Scalar((double) batches)));
        }
    }
}
