package dev.perennial.method.regularize;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.Batch;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Online elastic weight consolidation (Kirkpatrick et al. 2017, arXiv 1612.00796, equation 3; one running Fisher matrix as in Schwarz et
 * al. 2018, arXiv 1805.06370, section 3.1): {@code lambda sum_i F_i (theta_i - theta*_i)^2}, where theta* are the weights that the last
 * experience left.
 */
final class Ewc implements Safeguard {
    private final Clip student;
    private final double lambda;
    private final double gamma;
    private final FisherPass pass;
    private final SequencedMap<String, Tensor> fisher = new TreeMap<>();
    private Optional<Clip> anchor = Optional.empty();

    /**
     * Creates the safeguard.
     *
     * @param lambda weight of the penalty; 0 for none
     * @param gamma share of the earlier Fisher matrix that is kept when an experience adds its own
     * @param pass computes the Fisher matrix of an experience
     */
    Ewc(Clip student, double lambda, double gamma, FisherPass pass) {
        this.student = student;
        this.lambda = lambda;
        this.gamma = gamma;
        this.pass = pass;
    }

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        if (experience.supervision() instanceof Supervision.Arriving) {
            throw new IllegalArgumentException(
                    "ewc goes over the data of an experience when it has ended, but those of '" + experience.name()
                            + "' come once; use a method such as sit, finetune or replay");
        }
        pad();
        anchor = fisher.isEmpty() ? Optional.empty() : Optional.of(start.model());
    }

    /** Rows that a weight has gained, as a vocabulary that grows does, matter nothing yet. */
    private void pad() {
        fisher.replaceAll((name, importance) -> {
            if (importance.dim() == 0) {
                return importance;
            }
            long gained = student.parameters().get(name).size(0) - importance.size(0);
            if (gained == 0) {
                return importance;
            }
            try (var _ = new TensorScope()) {
                long[] shape = importance.shape();
                shape[0] = gained;
                Tensor padded =
                        Tensors.concat(0, importance, torch.zeros(shape)).retainReference();
                importance.close();
                return padded;
            }
        });
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        begin(experience, start);
    }

    @Override
    public Optional<Tensor> term(Batch batch, Forward forward) {
        return anchor.map(model -> penalty(
                        fisher, student.parameters().asMap(), model.parameters().asMap())
                .mul(new Scalar(lambda)));
    }

    /** Returns {@code sum_i F_i (theta_i - theta*_i)^2}, a scalar. */
    static Tensor penalty(Map<String, Tensor> fisher, Map<String, Tensor> weights, Map<String, Tensor> anchors) {
        return TensorScope.compute(() -> {
            Tensor sum = torch.zeros(new long[] {});
            for (Map.Entry<String, Tensor> importance : fisher.entrySet()) {
                Tensor weight = weights.get(importance.getKey());
                Tensor anchored = anchors.get(importance.getKey());
                if (weight == null || anchored == null) {
                    throw new IllegalArgumentException("there is no weight '" + importance.getKey() + "'");
                }
                sum = sum.add(
                        weight.sub(anchored).square().mul(importance.getValue()).sum());
            }
            return sum;
        });
    }

    /** {@code F = gamma F + F_experience}. */
    @Override
    public void end(Experience experience, StartingModel start) {
        anchor = Optional.empty();
        if (lambda == 0) {
            return;
        }
        SequencedMap<String, Tensor> own = pass.of(experience);
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            fisher.forEach((name, running) -> {
                Tensor added = own.remove(name);
                if (added != null) {
                    running.mul_(new Scalar(gamma)).add_(added);
                    added.close();
                }
            });
        }
        fisher.putAll(own);
    }

    @Override
    public void save(StateWriter state) {
        state.tensors(fisher);
    }

    @Override
    public void restore(StateReader state) {
        close();
        fisher.putAll(state.tensors());
    }

    @Override
    public void close() {
        fisher.values().forEach(Tensor::close);
        fisher.clear();
        anchor = Optional.empty();
    }
}
