package dev.perennial.method.distill;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.Ranges;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Keeps the distribution of a batch's image-text similarities as an earlier model had it, where that was right (Mod-X, Ni et al. 2023,
 * arXiv 2305.07437).
 *
 * <p>With cosines O of the old and C of the present model, images by texts, {@code L = (KL(O, C) + KL(O', C')) / 2}, where each KL is taken
 * row by row and wrong rows of the old model are dropped. The paper speaks of off-diagonal information; its repository keeps the
 * diagonal, and so does this by default.
 *
 * @param temperature of both softmaxes; 1 in the repository, where it makes the distributions nearly uniform
 * @param diagonal whether the similarity of matching images and texts takes part
 * @param reduction how rows are put together
 * @param filter which rows count
 */
public record AlignmentLoss(double temperature, boolean diagonal, Reduction reduction, Filter filter) {
    /** A logit whose probability is 0. */
    private static final double EXCLUDED = -1e4;

    /** How rows are put together. */
    public enum Reduction {
        /** Their sum, as in the repository: the weight of the term then grows with the batch. */
        @JsonProperty("sum")
        SUM,
        /** Their mean over the rows that count. */
        @JsonProperty("mean")
        MEAN
    }

    /** Which rows count. */
    public enum Filter {
        /** Those whose best match the old model found, as in the repository. */
        @JsonProperty("right")
        RIGHT,
        /** All, each by the probability that the old model gave to its match. */
        @JsonProperty("probability")
        PROBABILITY,
        /**
         * Those that the old model had right, and, with the true match as target, those that both models have wrong (the rectification of
         * DKR, Cui et al. 2024).
         */
        @JsonProperty("rectify")
        RECTIFY,
        /** All alike. */
        @JsonProperty("none")
        NONE
    }

    /** Checks the ranges. */
    public AlignmentLoss {
        Ranges.positive("temperature", temperature);
        if (filter == Filter.RECTIFY && !diagonal) {
            throw new IllegalArgumentException(
                    "filter rectify makes the match a target, which diagonal: false takes away; set diagonal: true");
        }
    }

    /**
     * Returns the loss, a scalar: 0 where the present model has the old one's similarities, or no row counts.
     *
     * @param old O, cosines of images and texts, {@code [images, texts]}, gets no gradient
     * @param present C, {@code [images, texts]}
     * @param matches for each image the column of its text
     * @param logitScale factor that turns the old model's cosines into its logits
     */
    public Tensor of(Tensor old, Tensor present, long[] matches, double logitScale) {
        return TensorScope.compute(() -> {
            Tensor match = matching(old, matches);
            return rows(old, present, match, logitScale)
                    .add(rows(old.t(), present.t(), match.t(), logitScale))
                    .mul(new Scalar(0.5));
        });
    }

    /**
     * Returns the loss of the rows alone, a scalar.
     *
     * @param match which columns match a row, of booleans
     */
    Tensor rows(Tensor old, Tensor present, Tensor match, double logitScale) {
        return TensorScope.compute(() -> {
            Tensor divergence = SoftTargets.divergence(seen(old, match), seen(present, match), temperature);
            Tensor right = found(old, match);
            Tensor weight = switch (filter) {
                case NONE -> torch.ones_like(divergence);
                case RIGHT, RECTIFY -> right.to(torch.ScalarType.Float);
                case PROBABILITY ->
                    torch.softmax(old.mul(new Scalar(logitScale)), 1)
                            .mul(match)
                            .sum(1)
                            .detach();
            };
            Tensor sum = divergence.mul(weight).sum();
            Tensor count = weight.sum();
            if (filter == Filter.RECTIFY) {
                Tensor wrong = right.logical_or(found(present, match))
                        .logical_not()
                        .logical_and(match.any(1))
                        .to(torch.ScalarType.Float);
                sum = sum.add(missedMatch(present, match).mul(wrong).sum());
                count = count.add(wrong.sum());
            }
            return reduction == Reduction.SUM ? sum : sum.div(count.clamp_min(new Scalar(1e-12)));
        });
    }

    private Tensor seen(Tensor cosines, Tensor match) {
        return diagonal ? cosines : cosines.masked_fill(match, new Scalar(EXCLUDED));
    }

    /** Tells for each row whether its greatest column matches. */
    static Tensor found(Tensor cosines, Tensor match) {
        return TensorScope.computeWithoutGradient(() -> {
            Tensor best = torch.argmax(cosines, new LongOptional(1), true);
            return match.gather(1, best).squeeze(1);
        });
    }

    /** Returns the cross entropy with the true match as target, spread evenly where several columns match. */
    private Tensor missedMatch(Tensor present, Tensor match) {
        Tensor targets = match.to(torch.ScalarType.Float);
        Tensor even = targets.div(targets.sum(1).unsqueeze(1).clamp_min(new Scalar(1.0)));
        return torch.log_softmax(present.div(new Scalar(temperature)), 1)
                .mul(even)
                .sum(1)
                .neg();
    }

    static Tensor matching(Tensor cosines, long[] matches) {
        return TensorScope.computeWithoutGradient(() -> {
            Tensor columns = torch.arange(new Scalar(cosines.size(1))).to(torch.ScalarType.Long);
            return Tensors.of(matches, matches.length, 1).eq(columns.unsqueeze(0));
        });
    }
}
