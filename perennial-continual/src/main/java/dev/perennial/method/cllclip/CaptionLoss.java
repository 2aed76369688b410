package dev.perennial.method.cllclip;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.Ranges;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The loss of CLL-CLIP (arXiv 2401.17186, equations 2 to 4): {@code L = gamma_cl L_cl + gamma_cm L_cm} over captions S of a language, the
 * teacher's features Y of the same in English, and the teacher's features U of their images.
 *
 * @param crossLingual gamma_cl, of {@code L_cl = mean (S - Y)^2} over features as they are, not normalised
 * @param crossModal gamma_cm, of {@code L_cm}: cross entropy of captions over images and of images over captions, where captions of one image
 *     share the target
 */
record CaptionLoss(double crossLingual, double crossModal) {
    /** The lowest and the highest temperature. */
    private static final double COLDEST = 0.001;

    private static final double HOTTEST = 0.5;

    CaptionLoss {
        Ranges.notNegative("cross-lingual", crossLingual);
        Ranges.notNegative("cross-modal", crossModal);
        if (crossLingual == 0 && crossModal == 0) {
            throw new IllegalArgumentException(
                    "cross-lingual and cross-modal are both 0, so there is nothing to learn");
        }
    }

    /** The loss and its two terms, scalars. */
    record Terms(Tensor total, Tensor lingual, Tensor modal) {}

    /**
     * Returns the loss of a batch.
     *
     * @param captions S, {@code [batch, embedDim]}
     * @param targets Y, {@code [batch, embedDim]}; rows that have no target are not looked at
     * @param hasTarget which rows have one
     * @param images U, {@code [batch, embedDim]}
     * @param imageIds says which captions are of the same image
     * @param temperature by which cosines are divided
     */
    Terms of(Tensor captions, Tensor targets, boolean[] hasTarget, Tensor images, long[] imageIds, Tensor temperature) {
        Tensor lingual = lingual(captions, targets, hasTarget);
        Tensor modal = modal(captions, images, imageIds, temperature);
        Tensor total =
                TensorScope.compute(() -> lingual.mul(new Scalar(crossLingual)).add(modal.mul(new Scalar(crossModal))));
        return new Terms(total, lingual, modal);
    }

    private static Tensor lingual(Tensor captions, Tensor targets, boolean[] hasTarget) {
        int[] held = IntStream.range(0, hasTarget.length)
                .filter(row -> hasTarget[row])
                .toArray();
        if (held.length == hasTarget.length) {
            return torch.mse_loss(captions, targets);
        }
        return TensorScope.compute(() -> {
            Tensor rows = Tensors.indices(held);
            return held.length == 0
                    ? captions.sum().mul(new Scalar(0.0))
                    : torch.mse_loss(captions.index_select(0, rows), targets.index_select(0, rows));
        });
    }

    private static Tensor modal(Tensor captions, Tensor images, long[] imageIds, Tensor temperature) {
        return TensorScope.compute(() -> {
            Tensor cosines = Tensors.normalized(captions)
                    .matmul(Tensors.normalized(images).t());
            Tensor logits = cosines.div(temperature);
            Tensor ids = Tensors.of(imageIds, imageIds.length);
            Tensor same = ids.unsqueeze(1).eq(ids.unsqueeze(0)).to(torch.ScalarType.Float);
            Tensor share = same.div(same.sum(1).unsqueeze(1));
            return crossEntropy(logits, share)
                    .add(crossEntropy(logits.t(), share))
                    .mul(new Scalar(0.5));
        });
    }

    private static Tensor crossEntropy(Tensor logits, Tensor share) {
        return torch.log_softmax(logits, 1).mul(share).sum(1).neg().mean();
    }

    /** Puts a temperature back into its range. */
    static void clamp(Tensor temperature) {
        try (var _ = new TensorScope();
                var _ = new org.bytedeco.pytorch.AutoGradMode(false)) {
            temperature.clamp_(
                    new org.bytedeco.pytorch.ScalarOptional(new Scalar(COLDEST)),
                    new org.bytedeco.pytorch.ScalarOptional(new Scalar(HOTTEST)));
        }
    }
}
