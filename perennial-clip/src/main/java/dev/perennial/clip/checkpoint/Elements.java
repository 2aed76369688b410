package dev.perennial.clip.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Little-endian elements in memory and the roundings between the floating types. */
final class Elements {
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private Elements() {}

    /** Returns zeroed native memory that is freed once nothing refers to it. */
    static MemorySegment allocate(long bytes) {
        return Arena.ofAuto().allocate(bytes, Long.BYTES);
    }

    /** Fills the array with the first elements; one loop for each type, so that the compiler can vectorise it. */
    static void copy(MemorySegment data, StoredType type, float[] values) {
        switch (type) {
            case F32 -> MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
            case F64 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) data.getAtIndex(DOUBLE, i);
                }
            }
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(data.getAtIndex(SHORT, i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(data.getAtIndex(SHORT, i) << 16);
                }
            }
            case I64, I32, I16, I8, U8, BOOL -> throw new IllegalArgumentException(type + " is not a floating type");
        }
    }

    static double floating(MemorySegment data, StoredType type, long index) {
        return switch (type) {
            case F64 -> data.getAtIndex(DOUBLE, index);
            case F32 -> data.getAtIndex(FLOAT, index);
            case F16 -> Float.float16ToFloat(data.getAtIndex(SHORT, index));
            case BF16 -> Float.intBitsToFloat(data.getAtIndex(SHORT, index) << 16);
            case I64, I32, I16, I8, U8, BOOL -> throw new IllegalArgumentException(type + " is not a floating type");
        };
    }

    static void putFloating(MemorySegment data, StoredType type, long index, double value) {
        switch (type) {
            case F64 -> data.setAtIndex(DOUBLE, index, value);
            case F32 -> data.setAtIndex(FLOAT, index, (float) value);
            case F16 -> data.setAtIndex(SHORT, index, Float.floatToFloat16(toOdd(value)));
            case BF16 -> data.setAtIndex(SHORT, index, toBfloat16(toOdd(value)));
            case I64, I32, I16, I8, U8, BOOL -> throw new IllegalArgumentException(type + " is not a floating type");
        }
    }

    static long integer(MemorySegment data, StoredType type, long index) {
        return switch (type) {
            case I64 -> data.getAtIndex(LONG, index);
            case I32 -> data.getAtIndex(INT, index);
            case I16 -> data.getAtIndex(SHORT, index);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
            case F64, F32, F16, BF16 -> throw new IllegalArgumentException(type + " is not an integer type");
        };
    }

    /** Rounds to the nearest bfloat16, ties to even; a NaN stays a NaN. */
    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Rounds to float so that a second rounding to a shorter type gives what one rounding would have given. */
    private static float toOdd(double value) {
        float near = (float) value;
        if (near == value || Double.isNaN(value) || (Float.floatToRawIntBits(near) & 1) == 1) {
            return near;
        }
        return value > near ? Math.nextUp(near) : Math.nextDown(near);
    }
}
