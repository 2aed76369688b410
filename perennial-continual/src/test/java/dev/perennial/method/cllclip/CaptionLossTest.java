package dev.perennial.method.cllclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class CaptionLossTest {
    private static final boolean[] ALL = {true, true, true};

    private static CaptionLoss.Terms terms(boolean[] hasTarget) {
        Tensor captions = Tensors.of(new float[] {1, 2, 0.5f, -1, -2, 0.3f}, 3, 2);
        Tensor targets = Tensors.of(new float[] {1.2f, 1.8f, 0.2f, -1.1f, -1.5f, 0}, 3, 2);
        Tensor images = Tensors.of(new float[] {0.9f, 0.4f, 0.9f, 0.4f, -0.7f, 0.7f}, 3, 2);
        Tensor temperature = Tensors.of(new float[] {0.07f}, 1);
        return new CaptionLoss(1, 0.01).of(captions, targets, hasTarget, images, new long[] {0, 0, 1}, temperature);
    }

    @Test
    void theTermsAreThoseOfAnExampleByHand() {
        try (var _ = new TensorScope()) {
            CaptionLoss.Terms terms = terms(ALL);
            assertThat(terms.lingual().item_double()).isCloseTo(0.086667, within(1e-5));
            assertThat(terms.modal().item_double()).isCloseTo(1.961156, within(1e-4));
            assertThat(terms.total().item_double()).isCloseTo(0.106278, within(1e-5));
        }
    }

    @Test
    void captionsWithoutATargetOnlyCountAgainstImages() {
        try (var _ = new TensorScope()) {
            assertThat(terms(new boolean[] {true, false, false}).lingual().item_double())
                    .isCloseTo(0.04, within(1e-6));
            CaptionLoss.Terms none = terms(new boolean[3]);
            assertThat(none.lingual().item_double()).isZero();
            assertThat(none.modal().item_double()).isCloseTo(1.961156, within(1e-4));
        }
    }

    @Test
    void aLossOfNothingIsRefused() {
        assertThatThrownBy(() -> new CaptionLoss(0, 0)).hasMessageContaining("nothing to learn");
    }
}
