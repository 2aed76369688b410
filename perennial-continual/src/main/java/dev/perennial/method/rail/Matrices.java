package dev.perennial.method.rail;

import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** The matrices that a regression keeps, by name; owns their native memory. */
final class Matrices implements AutoCloseable {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("there is no matrix '" + name + "' yet");
        }
        return tensor;
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** Keeps a matrix in place of the one of the same name. */
    void put(String name, Tensor tensor) {
        Tensor before = tensors.put(name, tensor.retainReference());
        if (before != null) {
            before.close();
        }
    }

    void save(StateWriter state) {
        state.tensors(tensors);
    }

    void restore(StateReader state) {
        close();
        tensors.putAll(state.tensors());
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
    }
}
