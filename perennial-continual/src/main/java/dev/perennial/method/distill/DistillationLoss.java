package dev.perennial.method.distill;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.Ranges;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Distillation of a matrix of logits, images against sentences, in both directions (ZSCL, arXiv 2303.06628, section 3.1).
 *
 * @param temperature T, positive
 * @param imageWeight of the rows: for each image its distribution over the sentences
 * @param textWeight of the columns: for each sentence its distribution over the images of the batch
 * @param target whose distribution is the target
 */
public record DistillationLoss(double temperature, double imageWeight, double textWeight, Target target) {
    /** Whose distribution is the target. */
    public enum Target {
        /** The teacher's, as in LwF and ZSCL. */
        @JsonProperty("teacher")
        TEACHER,
        /** The student's: the roles are exchanged, as in WildCLIP. */
        @JsonProperty("student")
        STUDENT
    }

    /** Checks the ranges. */
    public DistillationLoss {
        Ranges.positive("temperature", temperature);
        Ranges.notNegative("image-weight", imageWeight);
        Ranges.notNegative("text-weight", textWeight);
    }

    /** Tells whether both weights are 0. */
    public boolean isNothing() {
        return imageWeight == 0 && textWeight == 0;
    }

    /**
     * Returns {@code T^2 (w_image mean_rows D(Zt, Zs) + w_text mean_rows D(Zt', Zs'))}, a scalar; the factor makes the size of the gradient
     * independent of the temperature.
     *
     * @param teacher Zt, {@code [images, sentences]}
     * @param student Zs, {@code [images, sentences]}
     */
    public Tensor of(Tensor teacher, Tensor student) {
        return TensorScope.compute(() -> {
            double square = temperature * temperature;
            Tensor images = rows(teacher, student).mean().mul(new Scalar(square * imageWeight));
            Tensor texts = rows(teacher.t(), student.t()).mean().mul(new Scalar(square * textWeight));
            return images.add(texts);
        });
    }

    private Tensor rows(Tensor teacher, Tensor student) {
        return switch (target) {
            case TEACHER -> SoftTargets.divergence(teacher, student, temperature);
            case STUDENT -> SoftTargets.exchanged(teacher, student, temperature);
        };
    }
}
