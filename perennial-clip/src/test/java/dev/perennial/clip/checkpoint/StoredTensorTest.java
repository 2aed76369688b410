package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ShortRange;
import org.junit.jupiter.api.Test;

class StoredTensorTest {
    private static final StoredTensor MATRIX =
            StoredTensor.ofFloats("m", new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6});

    @Test
    void everyHalfSurvivesTheWayThroughFloats() {
        var data = Elements.allocate(2 * 65536);
        for (int i = 0; i < 65536; i++) {
            data.setAtIndex(Elements.SHORT, i, (short) i);
        }
        for (StoredType type : List.of(StoredType.F16, StoredType.BF16)) {
            StoredTensor halves = new StoredTensor("h", type, new long[] {65536}, data);
            StoredTensor again = halves.as(StoredType.F32).as(type);
            float[] before = halves.toFloats();
            float[] after = again.toFloats();
            for (int i = 0; i < 65536; i++) {
                if (Float.isNaN(before[i])) {
                    assertThat(after[i]).isNaN();
                } else {
                    assertThat(again.data().getAtIndex(Elements.SHORT, i)).isEqualTo((short) i);
                }
            }
        }
    }

    @Test
    void shorterTypesRoundToTheNearestEven() {
        float tie = 1 + 0x1p-8f;
        float aboveTie = Math.nextUp(tie);
        var tensor = StoredTensor.ofFloats("t", new long[] {4}, new float[] {tie, aboveTie, -tie, Float.MAX_VALUE});
        assertThat(tensor.as(StoredType.BF16).toFloats()).containsExactly(1, 1 + 0x1p-7f, -1, Float.POSITIVE_INFINITY);
        var halves = StoredTensor.ofFloats("t", new long[] {3}, new float[] {1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 65520});
        assertThat(halves.as(StoredType.F16).toFloats()).containsExactly(1, 1 + 2 * 0x1p-10f, Float.POSITIVE_INFINITY);
    }

    @Property
    void doublesRoundOnceToHalves(@ForAll @ShortRange(max = 0x7BFE) short bits, @ForAll boolean up) {
        float below = Float.float16ToFloat(bits);
        float above = Float.float16ToFloat((short) (bits + 1));
        double middle = ((double) below + above) / 2;
        double value = up ? Math.nextUp(middle) : Math.nextDown(middle);
        var data = Elements.allocate(8);
        data.setAtIndex(Elements.DOUBLE, 0, value);
        var tensor = new StoredTensor("d", StoredType.F64, new long[] {1}, data);
        assertThat(tensor.as(StoredType.F16).toFloats()).containsExactly(up ? above : below);
    }

    @Test
    void transposingSwapsRowsAndColumns() {
        assertThat(MATRIX.transposed().shape()).containsExactly(3, 2);
        assertThat(MATRIX.transposed().toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThatThrownBy(() -> MATRIX.reshaped(6).transposed()).hasMessageContaining("not a matrix");
    }

    @Test
    void rowsShareMemoryAndJoinAgain() {
        assertThat(MATRIX.rows(1, 2).toFloats()).containsExactly(4, 5, 6);
        assertThat(MATRIX.rows(1, 2).data().address()).isEqualTo(MATRIX.data().address() + 12);
        assertThat(StoredTensor.concatenated("j", List.of(MATRIX.rows(1, 2), MATRIX.rows(0, 1)))
                        .toFloats())
                .containsExactly(4, 5, 6, 1, 2, 3);
        assertThatThrownBy(() -> MATRIX.rows(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void integersOfEveryWidthKeepTheirSign() {
        var data = MemorySegment.ofArray(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        assertThat(new StoredTensor("t", StoredType.I64, new long[0], data).toLongs())
                .containsExactly(-1);
        assertThat(new StoredTensor("t", StoredType.I32, new long[] {2}, data).toLongs())
                .containsExactly(-1, -1);
        assertThat(new StoredTensor("t", StoredType.I16, new long[] {4}, data).toLongs())
                .containsOnly(-1);
        assertThat(new StoredTensor("t", StoredType.I8, new long[] {8}, data).toLongs())
                .containsOnly(-1);
        assertThat(new StoredTensor("t", StoredType.U8, new long[] {8}, data).toLongs())
                .containsOnly(255);
        assertThatThrownBy(() -> new StoredTensor("t", StoredType.I64, new long[] {1}, data).toFloats())
                .hasMessageContaining("floating");
    }

    @Test
    void bytesThatDoNotFitTheShapeAreRefused() {
        assertThatThrownBy(() -> MATRIX.reshaped(7)).hasMessageContaining("24 bytes do not hold shape [7]");
        assertThatThrownBy(() -> MATRIX.reshaped(Long.MAX_VALUE, 4)).hasMessageContaining("overflows");
    }
}
