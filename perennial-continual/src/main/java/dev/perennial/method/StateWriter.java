package dev.perennial.method;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts together what a method saves, piece by piece; every piece has names of its own. {@link StateReader} reads it back. */
public final class StateWriter {
    private final Map<String, StoredTensor> tensors;
    private final Supplier<ObjectNode> record;
    private final String prefix;

    /** Creates the writer of a whole method. */
    public StateWriter() {
        this.tensors = new LinkedHashMap<>();
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        this.record = () -> root;
        this.prefix = "";
    }

    private StateWriter(Map<String, StoredTensor> tensors, Supplier<ObjectNode> record, String prefix) {
        this.tensors = tensors;
        this.record = record;
        this.prefix = prefix;
    }

    /** Returns the writer of a piece: its tensors are called {@code <piece>.<name>}. */
    public StateWriter piece(String name) {
        return new StateWriter(tensors, () -> record().withObjectProperty(name), prefix + name + ".");
    }

    /** Adds a tensor without copying it. */
    public void tensor(String name, Tensor tensor) {
        tensor(TensorStorage.view(name, tensor));
    }

    /** Adds tensors by name without copying them. */
    public void tensors(Map<String, Tensor> named) {
        named.forEach(this::tensor);
    }

    /** Adds a stored tensor. */
    public void tensor(StoredTensor stored) {
        String name = prefix + stored.name();
        tensors.put(name, stored.named(name));
    }

    /** Returns the record of this piece, to be filled with what is no tensor. */
    public ObjectNode record() {
        return record.get();
    }

    /** Returns all that was put in. */
    public MethodState state() {
        return new MethodState(tensors, record());
    }
}
