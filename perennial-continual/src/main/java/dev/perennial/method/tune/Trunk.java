package dev.perennial.method.tune;

import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.Weights;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights before the rate began to fall, from which the next experience goes on: the model that is used and judged is a branch that ends
 * with its cooldown.
 */
final class Trunk implements AutoCloseable {
    private final SequencedMap<String, Tensor> weights = new TreeMap<>();

    /** Keeps a copy of the weights as they are. */
    void keep(Map<String, Tensor> now) {
        close();
        weights.putAll(Weights.copies(now));
    }

    /** Puts back what was kept, if anything was, and keeps it no longer. */
    void putBack(Map<String, Tensor> now) {
        Weights.overwrite(now, weights);
        close();
    }

    void save(StateWriter state) {
        state.tensors(weights);
    }

    void restore(StateReader state) {
        close();
        weights.putAll(state.tensors());
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
        weights.clear();
    }
}
