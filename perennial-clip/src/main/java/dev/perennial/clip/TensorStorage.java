package dev.perennial.clip;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Moves tensors between files and the engine. */
public final class TensorStorage {
    private TensorStorage() {}

    /** Returns a stored tensor's values as float32 in the engine; half precision is widened exactly. */
    public static Tensor load(StoredTensor stored) {
        return Tensors.of(stored.toFloats(), stored.shape());
    }

    /** Returns a copy of a tensor's values as float32 for a file. */
    public static StoredTensor store(String name, Tensor tensor) {
        return StoredTensor.ofFloats(name, tensor.shape(), Tensors.toFloats(tensor));
    }

    /** Returns a stored tensor in its own type in the engine, bit for bit. */
    public static Tensor loadExactly(StoredTensor stored) {
        return TensorScope.computeWithoutGradient(() -> {
            Tensor tensor = torch.empty(stored.shape()).to(engineType(stored.type()));
            MemorySegment.copy(stored.data(), 0, bytes(tensor), 0, stored.data().byteSize());
            return tensor;
        });
    }

    /** Returns a copy of a tensor in its own type for a file, bit for bit. */
    public static StoredTensor storeExactly(String name, Tensor tensor) {
        try (var _ = new TensorScope()) {
            MemorySegment source = bytes(tensor.detach().cpu().contiguous());
            MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(source.byteSize())]);
            return new StoredTensor(name, storedType(tensor), tensor.shape(), copy.copyFrom(source));
        }
    }

    /**
     * Returns a tensor in its own type for a file without copying it: valid until the tensor changes or is freed. One that is not
     * contiguous is copied.
     */
    public static StoredTensor view(String name, Tensor tensor) {
        if (!tensor.is_contiguous() || !tensor.is_cpu()) {
            return storeExactly(name, tensor);
        }
        return new StoredTensor(name, storedType(tensor), tensor.shape(), bytes(tensor));
    }

    private static MemorySegment bytes(Tensor contiguous) {
        long size = contiguous.numel() * contiguous.element_size();
        if (size == 0) {
            return MemorySegment.ofArray(new byte[0]);
        }
        try (BytePointer data = new BytePointer(contiguous.data_ptr())) {
            return MemorySegment.ofBuffer(data.capacity(size).asByteBuffer());
        }
    }

    private static StoredType storedType(Tensor tensor) {
        return switch (tensor.scalar_type().intern()) {
            case Double -> StoredType.F64;
            case Float -> StoredType.F32;
            case Half -> StoredType.F16;
            case BFloat16 -> StoredType.BF16;
            case Long -> StoredType.I64;
            case Int -> StoredType.I32;
            case Short -> StoredType.I16;
            case Char -> StoredType.I8;
            case Byte -> StoredType.U8;
            case Bool -> StoredType.BOOL;
            default -> throw new IllegalArgumentException("no file holds tensors of type " + tensor.scalar_type());
        };
    }

    private static ScalarType engineType(StoredType type) {
        return switch (type) {
            case F64 -> ScalarType.Double;
            case F32 -> ScalarType.Float;
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
            case I64 -> ScalarType.Long;
            case I32 -> ScalarType.Int;
            case I16 -> ScalarType.Short;
            case I8 -> ScalarType.Char;
            case U8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
        };
    }
}
