package dev.perennial.method.coleclip;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Says which images get the classes of earlier tasks as negatives: those that belong to the current task by a margin (negative class
 * label selection with energy scores).
 *
 * @param quantile of the margins in a batch above which an image is suitable, in {@code [0, 1]}
 * @param logitScale factor on the cosines
 */
record EnergyMargin(double quantile, double logitScale) {
    /**
     * The decision on a batch about one earlier task.
     *
     * @param energy of the task, {@code [batch]}
     * @param threshold of the margin, a scalar
     * @param suitable whether an image gets the task's classes as negatives, {@code [batch]}
     */
    record Decision(Tensor energy, Tensor threshold, Tensor suitable) {}

    /** Returns {@code LSE(logits) / s} over these columns, {@code [batch]}. */
    Tensor energy(Tensor logits) {
        return logits.logsumexp(new long[] {1}, false).div(new Scalar(logitScale));
    }

    /**
     * Decides about one earlier task.
     *
     * @param current energy of the current classes, {@code [batch]}
     * @param ofTask logits of the earlier task's classes, {@code [batch, classes]}
     */
    Decision decide(Tensor current, Tensor ofTask) {
        Tensor energy = energy(ofTask);
        Tensor margin = current.sub(energy);
        Tensor threshold =
                margin.quantile(quantile, new LongOptional(0), false, "linear").clamp_min(new Scalar(0));
        return new Decision(energy, threshold, margin.gt(threshold));
    }

    /**
     * Returns what is added to the logits of the negatives: 0 where an image gets one, and minus infinity elsewhere, {@code [batch,
     * negatives]}. A class of several earlier tasks must be suitable by all of them.
     *
     * @param logits of the current classes and then of the negatives, {@code [batch, classes + negatives]}
     * @param classes number of current classes
     * @param placesByTask the negatives of each earlier task, as places among them
     */
    Tensor mask(Tensor logits, int classes, List<int[]> placesByTask) {
        return TensorScope.computeWithoutGradient(() -> {
            long negatives = logits.size(1) - classes;
            Tensor current = energy(logits.narrow(1, 0, classes));
            Tensor mask = torch.zeros(new long[] {logits.size(0), negatives});
            for (int[] places : placesByTask) {
                if (places.length > 0) {
                    Tensor columns = Tensors.indices(
                            Arrays.stream(places).map(place -> classes + place).toArray());
                    Tensor suitable =
                            decide(current, logits.index_select(1, columns)).suitable();
                    mask.index_add_(1, Tensors.indices(places), closedUnless(suitable, places.length));
                }
            }
            return mask;
        });
    }

    private static Tensor closedUnless(Tensor suitable, long columns) {
        return torch.zeros(new long[] {suitable.size(0), columns})
                .masked_fill(suitable.logical_not().unsqueeze(1), new Scalar(Double.NEGATIVE_INFINITY));
    }
}
