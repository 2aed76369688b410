package dev.perennial.method;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;

/** Reads what {@link StateWriter} has put together. */
public final class StateReader {
    private final Map<String, StoredTensor> tensors;
    private final JsonNode record;
    private final String prefix;

    /** Creates the reader of a whole method. */
    public StateReader(MethodState state) {
        this(state.tensors(), state.record(), "");
    }

    private StateReader(Map<String, StoredTensor> tensors, JsonNode record, String prefix) {
        this.tensors = tensors;
        this.record = record;
        this.prefix = prefix;
    }

    /** Returns the reader of a piece, which is empty if there is no such piece. */
    public StateReader piece(String name) {
        return new StateReader(tensors, record.path(name), prefix + name + ".");
    }

    /** Tells whether this piece has a tensor of this name. */
    public boolean has(String name) {
        return tensors.containsKey(prefix + name);
    }

    /**
     * Returns the tensor of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public StoredTensor tensor(String name) {
        StoredTensor stored = tensors.get(prefix + name);
        if (stored == null) {
            throw new IllegalArgumentException("the saved state has no tensor '" + prefix + name
                    + "'; it is of another method or of other options");
        }
        return stored;
    }

    /** Returns the tensors whose names begin with that of this piece, by the rest of the name, copied; the caller closes them. */
    public SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> found = new LinkedHashMap<>();
        try (var _ = new TensorScope()) {
            tensors.keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .sorted()
                    .forEach(name -> found.put(
                            name, TensorStorage.loadExactly(tensor(name)).retainReference()));
        }
        return found;
    }

    /** Overwrites tensors with those of the same names. */
    public void copyTo(Map<String, Tensor> targets) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            targets.forEach((name, target) -> target.copy_(TensorStorage.loadExactly(tensor(name))));
        }
    }

    /** Returns the record of this piece; missing if there is no such piece. */
    public JsonNode record() {
        return record;
    }
}
