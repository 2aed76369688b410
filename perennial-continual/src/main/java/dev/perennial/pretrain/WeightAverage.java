package dev.perennial.pretrain;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tower.Parameters;
import java.util.function.Function;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** An exponential moving average of the weights; it is smoother than the last weights and usually better. */
final class WeightAverage implements AutoCloseable {
    private final Parameters average;
    private final double decay;
    private long updates;

    WeightAverage(Parameters start, double decay) {
        this.average = start.copy();
        this.decay = decay;
    }

    /** Moves the average towards the present weights; early updates weigh more, so that the random start is soon forgotten. */
    void update(Parameters present) {
        updates++;
        double kept = Math.min(decay, (1.0 + updates) / (10.0 + updates));
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            average.asMap().forEach((name, tensor) -> tensor.lerp_(present.get(name), new Scalar(1 - kept)));
        }
    }

    /** Puts the average back to what it was after this many updates. */
    void restore(Function<String, Tensor> values, long count) {
        updates = count;
        average.asMap().forEach((name, tensor) -> tensor.copy_(values.apply(name)));
    }

    Parameters average() {
        return average;
    }

    @Override
    public void close() {
        average.close();
    }
}
