package dev.perennial.method.cllclip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.RowScales;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenUseTest {
    /** Tokens 0 and 1 are of pretraining, 2 is the start token; token 3 comes with the second language. */
    @Test
    void rowsChangeLessTheMoreLanguagesUsedThem() {
        var use = new TokenUse(3);
        use.grow(3);
        assertThat(use.counts()).containsExactly(2, 2, 2);
        assertThat(use.scales(new boolean[] {true, false, true}, 2)).containsExactly(0.5f, 0, 0);
        use.learned(new float[] {1, 0, 0});
        use.grow(4);
        assertThat(use.scales(new boolean[] {false, true, false, true}, 2)).containsExactly(0, 0.5f, 0, 1);
        use.learned(new float[] {0, 1, 0, 1});
        use.grow(4);
        assertThat(use.scales(new boolean[] {true, false, false, true}, 2)).containsExactly(1 / 3f, 0, 0, 0.5f);
    }

    @Test
    void rowsThatAreNotUsedAreLeftOutOnlyWhereDecayIsScaledToo() {
        try (var _ = new TensorScope()) {
            float[] scales = {0.5f, 0, 1};
            RowScales both = TokenUse.rowScales(scales, true, true, false);
            assertThat(Tensors.toLongs(both.rows())).containsExactly(0, 2);
            assertThat(Tensors.toFloats(both.gradient())).containsExactly(0.5f, 1);
            RowScales gradient = TokenUse.rowScales(scales, true, false, true);
            assertThat(Tensors.toLongs(gradient.rows())).containsExactly(0, 1, 2);
            assertThat(Tensors.toFloats(gradient.gradient())).containsExactly(0.5f, 0, 1);
            assertThat(Tensors.toFloats(gradient.decay())).containsExactly(1, 1, 1);
            for (RowScales scale : List.of(both, gradient)) {
                scale.rows().close();
                scale.gradient().close();
                scale.decay().close();
            }
        }
    }
}
