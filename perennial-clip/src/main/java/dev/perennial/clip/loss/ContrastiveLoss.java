package dev.perennial.clip.loss;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Losses over a batch of image-text pairs; features are raw and are normalised here, {@code [batch, embedDim]}.
 */
public final class ContrastiveLoss {
    private ContrastiveLoss() {}

    /**
     * CLIP's symmetric loss: mean of the cross entropies of images against texts and texts against images (Radford et al. 2021,
     * figure 3).
     *
     * @param logitScale logarithm of the factor on the cosines, a scalar
     * @return a scalar
     */
    public static Tensor clip(Tensor images, Tensor texts, Tensor logitScale) {
        return TensorScope.compute(() -> {
            Tensor logits = logits(images, texts, logitScale);
            Tensor diagonal = torch.arange(new Scalar(logits.size(0))).to(torch.ScalarType.Long);
            return torch.cross_entropy_loss(logits, diagonal)
                    .add(torch.cross_entropy_loss(logits.t(), diagonal))
                    .mul(new Scalar(0.5));
        });
    }

    /**
     * CLIP's symmetric loss where several texts of the batch may describe one image: the target of a row is spread evenly over all
     * pairs of the same group, as two pictures of one class must not be each other's negatives (Yang et al. 2022, UniCL, arXiv
     * 2204.03610, equation 3, with targets that sum to one).
     *
     * @param logitScale logarithm of the factor on the cosines, a scalar
     * @param groups one number for each pair; pairs of equal number match each other, {@code [batch]}
     * @return a scalar
     */
    public static Tensor grouped(Tensor images, Tensor texts, Tensor logitScale, long[] groups) {
        return grouped(images, texts, logitScale, groups, images, texts, groups);
    }

    /**
     * The same with further negatives: images are told among {@code allTexts} and texts among {@code allImages}, which begin with
     * those of the batch.
     *
     * @param groups one number for each pair of the batch
     * @param allGroups one number for each row of {@code allImages} and {@code allTexts}
     * @return a scalar
     */
    public static Tensor grouped(
            Tensor images,
            Tensor texts,
            Tensor logitScale,
            long[] groups,
            Tensor allImages,
            Tensor allTexts,
            long[] allGroups) {
        return TensorScope.compute(() -> {
            Tensor own = Tensors.of(groups, groups.length).unsqueeze(1);
            Tensor all = Tensors.of(allGroups, allGroups.length).unsqueeze(0);
            Tensor matches = own.eq(all).to(torch.ScalarType.Float);
            Tensor targets = matches.div(matches.sum(1).unsqueeze(1));
            return crossEntropy(targets, logits(images, allTexts, logitScale))
                    .add(crossEntropy(targets, logits(/* images= */ texts, /* texts= */ allImages, logitScale)))
                    .mul(new Scalar(0.5));
        });
    }

    /**
     * The sigmoid loss: every pair of the batch is a binary decision (Zhai et al. 2023, arXiv 2303.15343).
     *
     * @param logitScale logarithm of the factor on the cosines, a scalar
     * @param logitBias added to every logit, a scalar
     * @return a scalar: the sum over all pairs divided by the batch size
     */
    public static Tensor sigmoid(Tensor images, Tensor texts, Tensor logitScale, Tensor logitBias) {
        return TensorScope.compute(() -> {
            Tensor logits = logits(images, texts, logitScale).add(logitBias);
            long batch = logits.size(0);
            Tensor signs =
                    torch.eye(batch).mul(new Scalar(2.0)).sub(new Scalar(1.0)); // +1 for a pair, -1 for all others
            return torch.softplus(logits.mul(signs).neg()).sum().div(new Scalar((double) batch));
        });
    }

    /**
     * Distillation of a teacher's image-text distributions: cross entropy with the teacher's softmax as target, averaged over
     * both directions (open_clip's distillation loss).
     *
     * @return a scalar; differs from the Kullback-Leibler divergence by the teacher's entropy, which has no gradient
     */
    public static Tensor distillation(
            Tensor images,
            Tensor texts,
            Tensor logitScale,
            Tensor teacherImages,
            Tensor teacherTexts,
            Tensor teacherLogitScale) {
        return TensorScope.compute(() -> {
            Tensor student = logits(images, texts, logitScale);
            Tensor teacher =
                    logits(teacherImages, teacherTexts, teacherLogitScale).detach();
            return crossEntropy(torch.softmax(teacher, 1), student)
                    .add(crossEntropy(torch.softmax(teacher.t(), 1), student.t()))
                    .mul(new Scalar(0.5));
        });
    }

    /** Returns {@code exp(logitScale) * cosine} for every image and text, {@code [images, texts]}. */
    public static Tensor logits(Tensor images, Tensor texts, Tensor logitScale) {
        return TensorScope.compute(() ->
                Tensors.normalized(images).matmul(Tensors.normalized(texts).t()).mul(logitScale.exp()));
    }

    /**
     * Puts a trained logit scale back into {@code [0, ln 100]}, so that the factor on the cosines stays in {@code [1, 100]}: without
     * it training can run away (Radford et al. 2021, section 2.5, and open_clip for the lower bound).
     */
    public static void clampLogitScale(Tensor logitScale) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            logitScale.clamp_(new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(Math.log(100))));
        }
    }

    /** Mean over rows of the cross entropy with these target distributions. */
    private static Tensor crossEntropy(Tensor targets, Tensor logits) {
        return targets.mul(torch.log_softmax(logits, 1)).sum(1).mean().neg();
    }
}
