package dev.perennial.method.regularize;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.Batch;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A penalty on the distance of the weights from those at the start of the experience, {@code w sum (theta - theta_start)^2}: the weight
 * consolidation of ZSCL (Zheng et al. 2023, arXiv 2303.06628), also known as L2 to the start.
 */
public final class AnchorPenalty implements Safeguard {
    private static final int SUM = 2;

    private final Clip student;
    private final double weight;
    private Optional<Clip> anchor = Optional.empty();

    /**
     * Creates the penalty.
     *
     * @param weight w; 0 for none
     */
    public AnchorPenalty(Clip student, double weight) {
        this.student = student;
        this.weight = weight;
    }

    @Override
    public String name() {
        return "anchor";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        anchor = weight > 0 ? Optional.of(start.model()) : Optional.empty();
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        begin(experience, start);
    }

    @Override
    public Optional<Tensor> term(Batch batch, Forward forward) {
        return anchor.map(model -> distance(
                        student.parameters().trained(), model.parameters().asMap())
                .mul(new Scalar(weight)));
    }

    /** Returns {@code sum (theta - anchor)^2} over all of these weights, a scalar. */
    public static Tensor distance(Map<String, Tensor> weights, Map<String, Tensor> anchors) {
        return TensorScope.compute(() -> {
            Tensor sum = torch.zeros(new long[] {});
            for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
                // One operation of the engine, which keeps no difference for the backward pass.
                sum = sum.add(torch.mse_loss(weight.getValue(), anchors.get(weight.getKey()), SUM));
            }
            return sum;
        });
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        anchor = Optional.empty();
    }
}
