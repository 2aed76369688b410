package dev.perennial.method.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.distill.DistillationLoss.Target;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SoftTargetsTest {
    private final TensorScope scope = new TensorScope();
    private final Tensor teacher = Tensors.of(new float[] {2, 0, -1, 1, 1, 3}, 2, 3);

    @AfterEach
    void free() {
        scope.close();
    }

    @Test
    void aStudentThatAgreesHasNoLossAndNoGradient() {
        Tensor student = teacher.detach().clone().set_requires_grad(true);
        Tensor loss = new DistillationLoss(2, 1, 1, Target.TEACHER).of(teacher, student);
        loss.backward();
        assertThat(loss.item_double()).isZero();
        assertThat(Tensors.toFloats(student.grad())).containsExactly(new float[6], within(1e-6f));
    }

    @Test
    void theGradientOfARowIsTheDifferenceOfTheDistributions() {
        Tensor student = Tensors.of(new float[] {0, 0, 0}, 1, 3).set_requires_grad(true);
        SoftTargets.divergence(teacher.narrow(0, 0, 1), student, 1).sum().backward();
        double sum = Math.exp(2) + 1 + Math.exp(-1);
        double[] target = {Math.exp(2) / sum, 1 / sum, Math.exp(-1) / sum};
        float[] gradient = Tensors.toFloats(student.grad());
        for (int i = 0; i < 3; i++) {
            assertThat((double) gradient[i]).isCloseTo(1 / 3.0 - target[i], within(1e-6));
        }
    }

    @Test
    void theExchangedFormWeighsTheTeachersLogarithmsByTheStudent() {
        Tensor even = Tensors.of(new float[] {0, 0, 0}, 1, 3);
        double normaliser = Math.log(Math.exp(2) + 1 + Math.exp(-1));
        assertThat(SoftTargets.exchanged(teacher.narrow(0, 0, 1), even, 1).item_double())
                .isCloseTo(normaliser - 1 / 3.0, within(1e-6));
    }

    @Test
    void theTeacherGetsNoGradient() {
        Tensor asked = teacher.detach().clone().set_requires_grad(true);
        Tensor student = Tensors.of(new float[6], 2, 3).set_requires_grad(true);
        new DistillationLoss(2, 1, 1, Target.TEACHER).of(asked, student).backward();
        new DistillationLoss(2, 1, 1, Target.STUDENT).of(asked, student).backward();
        assertThat(asked.grad().defined()).isFalse();
        assertThat(student.grad().defined()).isTrue();
    }
}
