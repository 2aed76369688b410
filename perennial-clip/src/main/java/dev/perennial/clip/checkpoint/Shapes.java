package dev.perennial.clip.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Arithmetic of shapes and strides that never overflows unnoticed. */
final class Shapes {
    /** The most dimensions that PyTorch allows. */
    static final int MAX_RANK = 64;

    private Shapes() {}

    /**
     * Returns the product of the dimensions.
     *
     * @throws IllegalArgumentException if a dimension is negative, there are too many, or the product overflows
     */
    static long elements(String name, long[] shape) {
        if (shape.length > MAX_RANK) {
            throw new IllegalArgumentException(name + ": " + shape.length + " dimensions");
        }
        long product = 1;
        boolean empty = false;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(name + ": negative dimension in shape " + Arrays.toString(shape));
            }
            empty |= dimension == 0;
        }
        try {
            for (long dimension : shape) {
                product = Math.multiplyExact(product, empty ? Math.min(dimension, 1) : dimension);
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + ": shape " + Arrays.toString(shape) + " overflows", e);
        }
        return product;
    }

    static long[] rowMajorStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /** Copies a strided view (offset and strides in elements, inside the storage) into row-major memory of its own. */
    static StoredTensor gathered(
            String name, StoredType type, MemorySegment storage, long offset, long[] shape, long[] strides) {
        long elements = elements(name, shape);
        int width = type.bytes();
        MemorySegment gathered = Elements.allocate(elements * width);
        long[] index = new long[shape.length];
        long source = offset;
        for (long i = 0; i < elements; i++) {
            MemorySegment.copy(storage, source * width, gathered, i * width, width);
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                source += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                source -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return new StoredTensor(name, type, shape, gathered);
    }
}
