package dev.perennial.clip;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

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
}
