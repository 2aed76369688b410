package dev.perennial.train.checkpoint;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.train.DivergenceException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collection;

/** Keeps NaN and infinity out of checkpoints. */
final class FiniteTensors {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FiniteTensors() {}

    /** Throws a {@link DivergenceException} that names the first tensor with an element that is not finite. */
    static void require(Collection<StoredTensor> tensors) {
        for (StoredTensor tensor : tensors) {
            if (!isFinite(tensor.data(), tensor.type())) {
                throw new DivergenceException(
                        "'" + tensor.name() + "' holds a number that is not finite, so nothing is saved; the newest"
                                + " checkpoint is from before; start again with a lower learning rate or with"
                                + " clip-norm",
                        true);
            }
        }
    }

    /** An element is not finite exactly if all bits of its exponent are set. */
    private static boolean isFinite(MemorySegment data, StoredType type) {
        return switch (type) {
            case F64 -> longs(data, 0x7ff0_0000_0000_0000L);
            case F32 -> ints(data, 0x7f80_0000);
            case F16 -> shorts(data, 0x7c00);
            case BF16 -> shorts(data, 0x7f80);
            case I64, I32, I16, I8, U8, BOOL -> true;
        };
    }

    // Without a branch in the loop, the compiler can vectorise it.
    private static boolean ints(MemorySegment data, int exponent) {
        int broken = 0;
        for (long at = 0; at < data.byteSize(); at += Integer.BYTES) {
            broken |= (data.get(INT, at) & exponent) == exponent ? 1 : 0;
        }
        return broken == 0;
    }

    private static boolean longs(MemorySegment data, long exponent) {
        int broken = 0;
        for (long at = 0; at < data.byteSize(); at += Long.BYTES) {
            broken |= (data.get(LONG, at) & exponent) == exponent ? 1 : 0;
        }
        return broken == 0;
    }

    private static boolean shorts(MemorySegment data, int exponent) {
        int broken = 0;
        for (long at = 0; at < data.byteSize(); at += Short.BYTES) {
            broken |= (data.get(SHORT, at) & exponent) == exponent ? 1 : 0;
        }
        return broken == 0;
    }
}
