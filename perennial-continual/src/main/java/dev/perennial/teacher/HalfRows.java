package dev.perennial.teacher;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.StoredType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A matrix that is filled row by row in half precision, outside of the Java heap. */
final class HalfRows {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final int rows;
    private final int width;
    private final MemorySegment data;

    HalfRows(String name, int rows, int width, Arena arena) {
        this.name = name;
        this.rows = rows;
        this.width = width;
        this.data = arena.allocate((long) rows * width * Short.BYTES, Short.BYTES);
    }

    void set(int row, float[] values) {
        if (values.length != width) {
            throw new IllegalArgumentException("the teacher's output '" + name + "' has " + values.length
                    + " values for one input and " + width + " for another");
        }
        for (int i = 0; i < width; i++) {
            data.setAtIndex(HALF, (long) row * width + i, Float.floatToFloat16(values[i]));
        }
    }

    StoredTensor stored() {
        return new StoredTensor(name, StoredType.F16, new long[] {rows, width}, data);
    }
}
