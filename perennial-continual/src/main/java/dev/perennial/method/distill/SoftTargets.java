package dev.perennial.method.distill;

import dev.perennial.clip.tensor.TensorScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How far a student's rows of logits are from a teacher's, one number for each row (Hinton et al. 2015, arXiv 1503.02531). With
 * temperature T, {@code p = softmax(teacher / T)} and {@code q = softmax(student / T)} in every row.
 */
public final class SoftTargets {
    private SoftTargets() {}

    /**
     * Returns {@code sum_j p_j (ln p_j - ln q_j)}, {@code [rows]}: 0 where student and teacher agree. Its gradient is that of the cross
     * entropy with soft targets, from which it differs by the teacher's entropy.
     *
     * @param teacher {@code [rows, columns]}, gets no gradient
     * @param student {@code [rows, columns]}
     */
    public static Tensor divergence(Tensor teacher, Tensor student, double temperature) {
        return TensorScope.compute(() -> torch.kl_div(
                        logarithms(student, temperature),
                        logarithms(teacher.detach(), temperature),
                        0, // one number for each element
                        true)
                .sum(1));
    }

    /**
     * Returns {@code -sum_j q_j ln p_j}, {@code [rows]}: the roles of student and teacher exchanged, as in WildCLIP's replay of a
     * vocabulary.
     */
    public static Tensor exchanged(Tensor teacher, Tensor student, double temperature) {
        return TensorScope.compute(() -> logarithms(student, temperature)
                .exp()
                .mul(logarithms(teacher.detach(), temperature))
                .sum(1)
                .neg());
    }

    private static Tensor logarithms(Tensor logits, double temperature) {
        return torch.log_softmax(logits.div(new Scalar(temperature)), 1);
    }
}
