package dev.perennial.method.rail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    private final Columns columns = new Columns();

    ColumnsTest() {
        columns.append(0, List.of("rose", "lily"));
        columns.append(2, List.of("crab", "rose"));
    }

    @Test
    void aNameTaughtTwiceIsSpokenForByBothColumns() {
        assertThat(assignment(List.of("rose", "fox", "crab"), 4))
                .isDeepEqualTo(new float[][] {{1, 0, 0}, {0, 0, 0}, {0, 0, 1}, {1, 0, 0}});
    }

    @Test
    void classesOfTheSameNameThatAreKeptApartGetOneColumnEach() {
        assertThat(assignment(List.of("rose", "lily", "crab", "rose", "rose"), 4))
                .isDeepEqualTo(new float[][] {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 0, 1, 0}});
    }

    @Test
    void classesThatAreNotSolvedForYetSpeakForNothing() {
        assertThat(assignment(List.of("crab", "rose"), 2)).isDeepEqualTo(new float[][] {{0, 1}, {0, 0}});
        assertThat(columns.teaches(0, 2)).isTrue();
        assertThat(columns.teaches(2, 2)).isFalse();
        assertThat(columns.teaches(1, 4)).isFalse();
        assertThat(columns.teaches(2, 4)).isTrue();
    }

    @Test
    void columnsComeBackAsTheyWereSaved() {
        Columns again = new Columns();
        again.append(5, List.of("overwritten"));
        again.restore(columns.save());
        assertThat(again.size()).isEqualTo(4);
        assertThat(again.save()).isEqualTo(columns.save());
    }

    private float[][] assignment(List<String> candidates, int solved) {
        try (var _ = new TensorScope()) {
            return Tensors.toRows(columns.assignment(candidates, solved));
        }
    }
}
