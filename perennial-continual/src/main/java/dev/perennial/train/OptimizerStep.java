package dev.perennial.train;

import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.ParameterGroup;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** One optimizer step: gradients of one or several losses, checked, bounded and applied. Frees all that it made. */
public final class OptimizerStep {
    private final List<ParameterGroup> groups;
    private final AdamW optimizer;
    private final Precision precision;
    private final Optional<Double> clipNorm;

    /** Creates the step for these parameters. */
    public OptimizerStep(List<ParameterGroup> groups, AdamW optimizer, Precision precision, Optional<Double> clipNorm) {
        this.groups = groups;
        this.optimizer = optimizer;
        this.precision = precision;
        this.clipNorm = clipNorm;
    }

    /**
     * What a step measured.
     *
     * @param loss mean over the losses
     * @param gradientNorm before clipping
     */
    public record Outcome(double loss, double gradientNorm) {}

    /**
     * Takes the step.
     *
     * @param what names the step in messages, such as {@code step 7 of dtd}
     * @param losses one for each forward pass; their gradients are averaged
     * @throws DivergenceException if a loss or a gradient is not finite; the parameters are then unchanged and their gradients
     *     cleared
     */
    public Outcome take(String what, List<Supplier<Tensor>> losses, double learningRate) {
        return take(what, losses, learningRate, () -> {});
    }

    /** Takes the step; {@code measure} is called when all gradients are there and finite, before they are bounded and applied. */
    Outcome take(String what, List<Supplier<Tensor>> losses, double learningRate, Runnable measure) {
        optimizer.clearGradients();
        double sum = 0;
        for (Supplier<Tensor> loss : losses) {
            double value = backward(loss, 1.0 / losses.size());
            if (!Double.isFinite(value)) {
                throw diverged("the loss is " + value, what, "or look for broken samples in this batch");
            }
            sum += value;
        }
        double norm = Gradients.norm(groups);
        if (!Double.isFinite(norm)) {
            String where = Gradients.firstNotFinite(groups)
                    .map(name -> "the gradient of " + name + " is not finite")
                    .orElse("the norm of all gradients is " + norm);
            throw diverged(where, what, "or train in float32");
        }
        measure.run();
        clipNorm.ifPresent(limit -> Gradients.clip(groups, norm, limit));
        optimizer.step(learningRate);
        return new Outcome(sum / losses.size(), norm);
    }

    /** Blames a weight where one is broken: loss and gradients then only show it. */
    private DivergenceException diverged(String symptom, String what, String advice) {
        optimizer.clearGradients();
        return Gradients.firstWeightNotFinite(groups)
                .map(name -> new DivergenceException(
                        "the weight " + name + " is not finite in " + what + " (" + symptom
                                + "); start again with a lower learning rate or with clip-norm",
                        true))
                .orElseGet(() -> new DivergenceException(
                        symptom + " in " + what + "; lower the learning rate, set clip-norm, " + advice, false));
    }

    private double backward(Supplier<Tensor> loss, double share) {
        try (var _ = new TensorScope()) {
            Tensor value;
            try (var _ = precision.begin()) {
                value = loss.get();
            }
            value.mul(new Scalar(share)).backward();
            return value.item_double();
        }
    }
}
