package dev.perennial.clip.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A named tensor as it lies in a file: row-major, little-endian, mapped rather than copied where that is possible.
 *
 * <p>The data of a tensor from a {@link TensorFile} is valid until that file is closed.
 */
public final class StoredTensor {
    private final String name;
    private final StoredType type;
    private final long[] shape;
    private final long elements;
    private final MemorySegment data;

    /**
     * Creates a tensor over its bytes.
     *
     * @throws IllegalArgumentException if the bytes are not exactly those of the shape
     */
    public StoredTensor(String name, StoredType type, long[] shape, MemorySegment data) {
        this.name = name;
        this.type = type;
        this.shape = shape.clone();
        this.elements = Shapes.elements(name, shape);
        this.data = data.asReadOnly();
        if (elements > Long.MAX_VALUE / type.bytes() || elements * type.bytes() != data.byteSize()) {
            throw new IllegalArgumentException(name + ": " + data.byteSize() + " bytes do not hold shape "
                    + Arrays.toString(shape) + " of " + type);
        }
    }

    /** Creates a float32 tensor with a copy of these values. */
    public static StoredTensor ofFloats(String name, long[] shape, float[] values) {
        MemorySegment data = Elements.allocate(4L * values.length);
        MemorySegment.copy(values, 0, data, Elements.FLOAT, 0, values.length);
        return new StoredTensor(name, StoredType.F32, shape, data);
    }

    /** Creates an int64 tensor with a copy of these values. */
    public static StoredTensor ofLongs(String name, long[] shape, long[] values) {
        MemorySegment data = Elements.allocate(8L * values.length);
        MemorySegment.copy(values, 0, data, Elements.LONG, 0, values.length);
        return new StoredTensor(name, StoredType.I64, shape, data);
    }

    /**
     * Joins tensors of one type and of equal trailing dimensions along the first dimension.
     *
     * @throws IllegalArgumentException if they do not fit together
     */
    public static StoredTensor concatenated(String name, List<StoredTensor> parts) {
        StoredTensor first = parts.getFirst();
        if (first.rank() == 0) {
            throw new IllegalArgumentException(name + ": scalars such as " + first + " cannot be joined");
        }
        long[] shape = first.shape();
        shape[0] = 0;
        long bytes = 0;
        for (StoredTensor part : parts) {
            boolean fits = part.rank() == first.rank()
                    && part.type == first.type
                    && Arrays.equals(part.shape, 1, part.rank(), first.shape, 1, first.rank());
            if (!fits) {
                throw new IllegalArgumentException(name + ": cannot join " + first + " and " + part);
            }
            shape[0] += part.shape[0];
            bytes += part.data.byteSize();
        }
        MemorySegment joined = Elements.allocate(bytes);
        long at = 0;
        for (StoredTensor part : parts) {
            MemorySegment.copy(part.data, 0, joined, at, part.data.byteSize());
            at += part.data.byteSize();
        }
        return new StoredTensor(name, first.type, shape, joined);
    }

    /** Returns the tensor's name in its file. */
    public String name() {
        return name;
    }

    /** Returns the element type. */
    public StoredType type() {
        return type;
    }

    /** Returns the dimensions; none for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    /** Returns the number of dimensions. */
    public int rank() {
        return shape.length;
    }

    /** Returns the length of one dimension, counted from 0. */
    public long dimension(int axis) {
        return shape[axis];
    }

    /** Returns the read-only bytes, row-major and little-endian, at no particular alignment. */
    public MemorySegment data() {
        return data;
    }

    /** Returns the number of elements. */
    public long elements() {
        return elements;
    }

    /** Returns the same data under another name. */
    public StoredTensor named(String newName) {
        return new StoredTensor(newName, type, shape, data);
    }

    /** Returns the same data in another shape of as many elements. */
    public StoredTensor reshaped(long... newShape) {
        return new StoredTensor(name, type, newShape, data);
    }

    /**
     * Returns the values as float32; exact from every type but F64, which is rounded to the nearest.
     *
     * @throws IllegalArgumentException if the elements are integers, or too many for an array
     */
    public float[] toFloats() {
        float[] values = new float[arrayLength()];
        requireFloating();
        Elements.copy(data, type, values);
        return values;
    }

    /**
     * Returns the values of an integer or boolean tensor.
     *
     * @throws IllegalArgumentException if the elements are floating-point numbers, or too many for an array
     */
    public long[] toLongs() {
        long[] values = new long[arrayLength()];
        if (type.isFloating()) {
            throw new IllegalArgumentException(this + " does not hold integers");
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = Elements.integer(data, type, i);
        }
        return values;
    }

    /**
     * Returns the tensor in another floating type, rounded to the nearest value, ties to even.
     *
     * @throws IllegalArgumentException if this or the wanted type is an integer type, unless they are the same
     */
    public StoredTensor as(StoredType wanted) {
        if (wanted == type) {
            return this;
        }
        requireFloating();
        if (!wanted.isFloating()) {
            throw new IllegalArgumentException(this + " cannot become " + wanted);
        }
        MemorySegment converted = Elements.allocate(elements * wanted.bytes());
        for (long i = 0; i < elements; i++) {
            Elements.putFloating(converted, wanted, i, Elements.floating(data, type, i));
        }
        return new StoredTensor(name, wanted, shape, converted);
    }

    /**
     * Returns the transpose of a matrix, in its own row-major memory.
     *
     * @throws IllegalArgumentException if this is not a matrix
     */
    public StoredTensor transposed() {
        if (rank() != 2) {
            throw new IllegalArgumentException(this + " is not a matrix");
        }
        return Shapes.gathered(name, type, data, 0, new long[] {shape[1], shape[0]}, new long[] {1, shape[1]});
    }

    /**
     * Returns the slice of the first dimension from {@code from} to before {@code to}, sharing this tensor's memory.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the first dimension
     */
    public StoredTensor rows(long from, long to) {
        if (rank() == 0 || from < 0 || to < from || to > shape[0]) {
            throw new IndexOutOfBoundsException("rows " + from + " to " + to + " of " + this);
        }
        long rowBytes = shape[0] == 0 ? 0 : data.byteSize() / shape[0];
        long[] sliced = shape.clone();
        sliced[0] = to - from;
        return new StoredTensor(name, type, sliced, data.asSlice(from * rowBytes, (to - from) * rowBytes));
    }

    /** Returns name, type and shape. */
    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }

    private void requireFloating() {
        if (!type.isFloating()) {
            throw new IllegalArgumentException(this + " does not hold floating-point numbers");
        }
    }

    private int arrayLength() {
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(this + " has too many elements for one array; read it in rows");
        }
        return (int) elements;
    }
}
