package dev.perennial.method.distill;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.Batch;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * LwF on image-text pairs: the softmax of each batch's logits stays as the last model had it, over texts for each image and over images for
 * each text, each model under its own logit scale (TiC-CLIP, Garg et al. 2024, arXiv 2310.16226, in open_clip's form of distillation).
 */
final class PairDistillation implements Safeguard {
    private final Clip student;
    private final double weight;
    private Optional<Clip> teacher = Optional.empty();

    /**
     * Creates the safeguard.
     *
     * @param weight of the term; 0 for none
     */
    PairDistillation(Clip student, double weight) {
        this.student = student;
        this.weight = weight;
    }

    @Override
    public String name() {
        return "pair distillation";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        // The first model has nothing to keep but what the pretrained one knew.
        teacher = weight > 0 ? Optional.of(start.model()) : Optional.empty();
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        begin(experience, start);
    }

    @Override
    public Optional<Tensor> term(Batch batch, Forward forward) {
        return teacher.map(old -> TensorScope.compute(() -> of(
                        TensorScope.computeWithoutGradient(
                                () -> logits(old, old.encodeImages(batch.pixels()), old.encodeTexts(forward.tokens()))),
                        logits(student, forward.images(), forward.texts()))
                .mul(new Scalar(weight))));
    }

    private static Tensor logits(Clip clip, Tensor images, Tensor texts) {
        return Tensors.normalized(images)
                .matmul(Tensors.normalized(texts).t())
                .mul(clip.parameters().get("logit_scale").exp());
    }

    /**
     * Returns the mean divergence of rows and of columns, a scalar: 0 where student and teacher agree.
     *
     * @param teacher logits {@code [images, texts]}, without a gradient
     * @param student logits {@code [images, texts]}
     */
    static Tensor of(Tensor teacher, Tensor student) {
        return TensorScope.compute(() -> SoftTargets.divergence(teacher, student, 1)
                .mean()
                .add(SoftTargets.divergence(teacher.t(), student.t(), 1).mean())
                .mul(new Scalar(0.5)));
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        teacher = Optional.empty();
    }
}
