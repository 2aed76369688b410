package dev.perennial.train;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.RowScales;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101), with its state by parameter name.
 *
 * <p>A parameter without a gradient in a step is skipped altogether, its moments too: the experts that a router did not choose and
 * the routers of other tasks must not drift. The same goes for rows that a group's {@link RowScales} leave out, and the state holds the
 * rows that move alone.
 */
public final class AdamW implements AutoCloseable {
    private final List<ParameterGroup> groups;
    private final AdamWConfig config;
    private final SequencedMap<String, Moments> moments = new LinkedHashMap<>();

    /** Creates an optimizer without history. */
    public AdamW(List<ParameterGroup> groups, AdamWConfig config) {
        this.groups = List.copyOf(groups);
        this.config = config;
    }

    /** Updates every parameter that has a gradient. */
    public void step(double learningRate) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            for (ParameterGroup group : groups) {
                double rate = learningRate * group.learningRateFactor();
                group.parameters().forEach((name, parameter) -> {
                    if (parameter.grad().defined()) {
                        double decay = group.decays() ? rate * config.weightDecay() : 0;
                        RowScales scales = group.rowScales().get(name);
                        if (scales == null) {
                            update(name, parameter, rate, decay);
                        } else {
                            update(name, parameter, rate, decay, scales);
                        }
                    }
                });
            }
        }
    }

    private void update(String name, Tensor parameter, double rate, double decay) {
        try (var _ = new TensorScope()) {
            if (decay != 0) {
                parameter.mul_(new Scalar(1 - decay));
            }
            Moments m = advanced(name, parameter, parameter.grad());
            parameter.addcdiv_(m.mean, root(m), new Scalar(-rate / meanCorrection(m)));
        }
    }

    /** {@code theta *= 1 - decay c_d; g *= c_g}, then Adam's step, on these rows alone. */
    private void update(String name, Tensor parameter, double rate, double decay, RowScales scales) {
        try (var _ = new TensorScope()) {
            Tensor rows = parameter.index_select(0, scales.rows());
            if (decay != 0) {
                rows.mul_(scales.decay().mul(new Scalar(-decay)).add_(new Scalar(1.0)));
            }
            Moments m = advanced(name, rows, moving(parameter, scales));
            Tensor mean = scales.onStep() ? m.mean.mul(scales.gradient()) : m.mean;
            rows.addcdiv_(mean, root(m), new Scalar(-rate / meanCorrection(m)));
            parameter.index_copy_(0, scales.rows(), rows);
        }
    }

    /** Returns the running averages with another gradient taken in. */
    private Moments advanced(String name, Tensor moved, Tensor gradient) {
        Moments m = moments.computeIfAbsent(name, _ -> Moments.zeroLike(moved));
        m.steps++;
        m.mean.lerp_(gradient, new Scalar(1 - config.beta1()));
        m.square.mul_(new Scalar(config.beta2())).addcmul_(gradient, gradient, new Scalar(1 - config.beta2()));
        return m;
    }

    private double meanCorrection(Moments m) {
        return 1 - Math.pow(config.beta1(), m.steps);
    }

    private Tensor root(Moments m) {
        double correction = Math.sqrt(1 - Math.pow(config.beta2(), m.steps));
        return m.square.sqrt().div_(new Scalar(correction)).add_(new Scalar(config.epsilon()));
    }

    /** Sees the gradient of a parameter, as far as it moves it, and its running mean; both are valid only now. */
    @FunctionalInterface
    interface GradientVisitor {
        void visit(String name, Tensor gradient, Optional<Tensor> mean);
    }

    /** Shows every gradient as the next step would take it in, with the running mean before that step. */
    void forEachGradient(GradientVisitor visitor) {
        for (ParameterGroup group : groups) {
            group.parameters().forEach((name, parameter) -> {
                if (parameter.grad().defined()) {
                    RowScales scales = group.rowScales().get(name);
                    Optional<Tensor> mean =
                            Optional.ofNullable(moments.get(name)).map(m -> m.mean);
                    visitor.visit(name, scales == null ? parameter.grad() : moving(parameter, scales), mean);
                }
            });
        }
    }

    private static Tensor moving(Tensor parameter, RowScales scales) {
        Tensor rows = parameter.grad().index_select(0, scales.rows());
        return scales.onStep() ? rows : rows.mul_(scales.gradient());
    }

    /** Drops all gradients, so that the next step skips what gets none. */
    public void clearGradients() {
        try (var _ = new TensorScope()) {
            groups.forEach(group ->
                    group.parameters().values().forEach(p -> p.mutable_grad().reset()));
        }
    }

    /**
     * Returns the running means and squares as {@code <parameter>.mean} and {@code <parameter>.square}: views that are valid until
     * the next step.
     */
    public SequencedMap<String, StoredTensor> tensors() {
        SequencedMap<String, StoredTensor> state = new LinkedHashMap<>();
        moments.forEach((name, m) -> {
            state.put(name + ".mean", TensorStorage.view(name + ".mean", m.mean));
            state.put(name + ".square", TensorStorage.view(name + ".square", m.square));
        });
        return state;
    }

    /** Returns the number of updates that each parameter has had. */
    public SequencedMap<String, Long> steps() {
        SequencedMap<String, Long> steps = new LinkedHashMap<>();
        moments.forEach((name, m) -> steps.put(name, m.steps));
        return steps;
    }

    /**
     * Puts back what {@link #tensors()} and {@link #steps()} returned; the values are copied.
     *
     * @throws IllegalArgumentException if they are not of these parameters
     */
    public void restore(Map<String, StoredTensor> tensors, Map<String, Long> steps) {
        close();
        try (var _ = new TensorScope()) {
            steps.forEach((name, count) -> {
                Moments restored = new Moments(
                        TensorStorage.loadExactly(moment(tensors, name, ".mean")),
                        TensorStorage.loadExactly(moment(tensors, name, ".square")));
                restored.steps = count;
                moments.put(name, restored);
            });
        }
    }

    private StoredTensor moment(Map<String, StoredTensor> tensors, String name, String suffix) {
        StoredTensor moment = tensors.get(name + suffix);
        boolean fits = moment != null && groups.stream().anyMatch(group -> fits(group, name, moment.shape()));
        if (moment == null || !fits) {
            throw new IllegalArgumentException("the saved optimizer does not fit: no trained parameter '" + name
                    + "' of the saved shape; the method resumed with other parameters than it began with");
        }
        return moment;
    }

    private static boolean fits(ParameterGroup group, String name, long[] saved) {
        Tensor parameter = group.parameters().get(name);
        if (parameter == null) {
            return false;
        }
        long[] moved = parameter.shape();
        RowScales scales = group.rowScales().get(name);
        if (scales != null) {
            moved[0] = scales.rows().size(0);
        }
        return Arrays.equals(moved, saved);
    }

    @Override
    public void close() {
        moments.values().forEach(Moments::free);
        moments.clear();
    }

    /** Running averages of one parameter's gradient and its square. */
    private static final class Moments {
        private final Tensor mean;
        private final Tensor square;
        private long steps;

        private Moments(Tensor mean, Tensor square) {
            // They outlive the scope of the step in which they are made.
            this.mean = mean.retainReference();
            this.square = square.retainReference();
        }

        private static Moments zeroLike(Tensor parameter) {
            return new Moments(torch.zeros_like(parameter), torch.zeros_like(parameter));
        }

        private void free() {
            mean.close();
            square.close();
        }
    }
}
