package dev.perennial.clip.tensor;

import java.util.Collection;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Conversions between Java arrays and the engine's tensors, and the few expressions that every room writes. */
public final class Tensors {
    private Tensors() {}

    /** Creates a float32 tensor of this shape from its elements in row-major order. */
    public static Tensor of(float[] elements, long... shape) {
        return Tensor.create(elements, shape);
    }

    /** Creates an int64 tensor of this shape from its elements in row-major order. */
    public static Tensor of(long[] elements, long... shape) {
        return Tensor.create(elements, shape);
    }

    /** Creates an int64 vector. */
    public static Tensor indices(int... elements) {
        long[] wide = new long[elements.length];
        for (int i = 0; i < elements.length; i++) {
            wide[i] = elements[i];
        }
        return Tensor.create(wide, wide.length);
    }

    /** Returns the elements in row-major order, converted to float32. */
    public static float[] toFloats(Tensor tensor) {
        try (var _ = new TensorScope()) {
            float[] elements = new float[Math.toIntExact(tensor.numel())];
            Tensor plain = tensor.detach().to(torch.ScalarType.Float).contiguous();
            FloatPointer data = plain.data_ptr_float();
            if (elements.length > 0) {
                data.get(elements);
            }
            return elements;
        }
    }

    /** Returns the elements in row-major order as int64. */
    public static long[] toLongs(Tensor tensor) {
        try (var _ = new TensorScope()) {
            long[] elements = new long[Math.toIntExact(tensor.numel())];
            if (elements.length > 0) {
                tensor.detach()
                        .to(torch.ScalarType.Long)
                        .contiguous()
                        .data_ptr_long()
                        .get(elements);
            }
            return elements;
        }
    }

    /** Returns the rows of a float tensor {@code [rows, columns]}. */
    public static float[][] toRows(Tensor tensor) {
        float[] flat = toFloats(tensor);
        int rows = Math.toIntExact(tensor.size(0));
        float[][] result = new float[rows][];
        int columns = rows == 0 ? 0 : flat.length / rows;
        for (int i = 0; i < rows; i++) {
            result[i] = java.util.Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
        }
        return result;
    }

    /** Scales every row of {@code [..., width]} to length one; a zero row stays zero. */
    public static Tensor normalized(Tensor rows) {
        return TensorScope.compute(() -> {
            Tensor norm = torch.linalg_vector_norm(rows, new Scalar(2.0), new long[] {-1}, true, noType());
            return rows.div(norm.clamp_min(new Scalar(1e-12)));
        });
    }

    /** Returns the present argument of an optional native parameter. */
    public static TensorOptional some(Tensor tensor) {
        return new TensorOptional(tensor);
    }

    /** Returns the absent argument of an optional native parameter. */
    public static TensorOptional none() {
        return new TensorOptional();
    }

    /** Joins tensors along a dimension. */
    public static Tensor concat(long dimension, Tensor... parts) {
        try (var scope = new TensorScope()) {
            return scope.keep(torch.cat(new TensorVector(parts), dimension));
        }
    }

    /** Stacks tensors of one shape along a new first dimension. */
    public static Tensor stack(Collection<Tensor> parts) {
        try (var scope = new TensorScope()) {
            return scope.keep(torch.stack(new TensorVector(parts.toArray(Tensor[]::new)), 0));
        }
    }

    private static org.bytedeco.pytorch.ScalarTypeOptional noType() {
        return new org.bytedeco.pytorch.ScalarTypeOptional();
    }
}
