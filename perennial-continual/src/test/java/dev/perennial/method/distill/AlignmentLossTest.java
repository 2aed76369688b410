package dev.perennial.method.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.distill.AlignmentLoss.Filter;
import dev.perennial.method.distill.AlignmentLoss.Reduction;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The worked example of three pairs, whose second image the old model gives to another text. */
class AlignmentLossTest {
    private static final long[] PAIRS = {0, 1, 2};

    private final TensorScope scope = new TensorScope();
    private final Tensor old = matrix(.30f, .10f, .05f, .20f, .15f, .25f, .00f, .10f, .40f);
    private final Tensor present = matrix(.35f, .12f, .00f, .10f, .30f, .20f, .05f, .02f, .38f);

    @AfterEach
    void free() {
        scope.close();
    }

    private static Tensor matrix(float... elements) {
        return Tensors.of(elements, 3, 3);
    }

    @Test
    void theRepositorysFormSumsTheRowsThatTheOldModelHasRight() {
        var loss = new AlignmentLoss(1, true, Reduction.SUM, Filter.RIGHT);
        Tensor match = AlignmentLoss.matching(old, PAIRS);
        assertThat(loss.rows(old, present, match, 1).item_double()).isCloseTo(0.00209288, within(1e-6));
        assertThat(loss.rows(old.t(), present.t(), match.t(), 1).item_double()).isCloseTo(0.00708746, within(1e-6));
        assertThat(loss.of(old, present, PAIRS, 1).item_double()).isCloseTo(0.00459017, within(1e-6));
    }

    @Test
    void thePapersFormLeavesOutTheDiagonal() {
        var loss = new AlignmentLoss(0.1, false, Reduction.MEAN, Filter.RIGHT);
        assertThat(loss.of(old, present, PAIRS, 1).item_double()).isCloseTo(0.10931493, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void aModelThatAnswersAsTheOldOneDidIsNotCorrectedWhereThatWasRight(Filter filter) {
        var loss = new AlignmentLoss(0.1, true, Reduction.SUM, filter);
        Tensor sure = matrix(.9f, .1f, .0f, .0f, .8f, .1f, .1f, .0f, .7f);
        Tensor same = sure.detach().clone().set_requires_grad(true);
        Tensor zero = loss.of(sure, same, PAIRS, 100);
        zero.backward();
        assertThat(zero.item_double()).isZero();
        assertThat(Tensors.toFloats(same.grad())).containsExactly(new float[9], within(1e-5f));
    }

    @Test
    void rowsThatAreAllWrongGiveNoGradient() {
        Tensor wrong = matrix(.1f, .9f, .0f, .0f, .1f, .9f, .9f, .0f, .1f);
        Tensor student = present.detach().clone().set_requires_grad(true);
        for (Reduction reduction : Reduction.values()) {
            Tensor loss = new AlignmentLoss(1, true, reduction, Filter.RIGHT).of(wrong, student, PAIRS, 1);
            loss.backward();
            assertThat(loss.item_double()).isZero();
        }
        assertThat(Tensors.toFloats(student.grad())).containsOnly(0f);
    }

    @Test
    void rectificationTeachesTheTrueMatchWhereBothModelsAreWrong() {
        Tensor wrong = matrix(.1f, .9f, .0f, .0f, .9f, .1f, .0f, .1f, .9f);
        Tensor student = wrong.detach().clone().set_requires_grad(true);
        var loss = new AlignmentLoss(1, true, Reduction.SUM, Filter.RECTIFY);
        loss.rows(wrong, student, AlignmentLoss.matching(wrong, PAIRS), 1).backward();
        float[] gradient = Tensors.toFloats(student.grad());
        assertThat(gradient[0]).as("pulled to the match").isNegative();
        assertThat(gradient[1]).as("pushed from the wrong one").isPositive();
        for (int i = 3; i < 9; i++) {
            assertThat(gradient[i]).as("rows that are right").isCloseTo(0, within(1e-6f));
        }
        assertThatThrownBy(() -> new AlignmentLoss(1, false, Reduction.SUM, Filter.RECTIFY))
                .hasMessageContaining("diagonal");
    }

    @Test
    void severalImagesOfOneClassAllMatchItsPrompt() {
        Tensor images = Tensors.of(new float[] {.9f, .1f, .8f, .2f, .3f, .4f}, 3, 2);
        Tensor match = AlignmentLoss.matching(images, new long[] {0, 0, 1});
        assertThat(Tensors.toLongs(AlignmentLoss.found(images.t(), match.t()))).containsExactly(1, 1);
        assertThat(Tensors.toLongs(AlignmentLoss.found(images, match))).containsExactly(1, 1, 1);
    }
}
