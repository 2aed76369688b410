package dev.perennial.clip.checkpoint;

import java.util.Map;

/** Collects the tensors of nested dictionaries and modules under dotted names, within limits that shared values cannot escape. */
final class PickledTensors {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VISITS = 1_000_000;
    private static final int MAX_NAME = 1_000;
    private static final int MAX_TENSORS = 50_000;

    private final Map<String, Pickled.Tensor> found;
    private int visits;

    PickledTensors(Map<String, Pickled.Tensor> found) {
        this.found = found;
    }

    /**
     * Collects from a value.
     *
     * @throws PickleException if it is nested too deeply, or contains itself
     */
    void collect(String name, Pickled value, int depth) {
        if (depth > MAX_DEPTH || name.length() > MAX_NAME || found.size() > MAX_TENSORS) {
            throw new PickleException("nests its values more deeply than weights do, or without end");
        }
        switch (value) {
            case Pickled.Tensor tensor -> found.put(name, tensor);
            case Pickled.Mapping mapping -> collectAll(name, mapping, depth);
            case Pickled.Instance instance -> collectAll(name, instance.attributes, depth);
            // Numbers, texts and lists beside the weights are settings of the training run.
            case Pickled.None _, Pickled.Truth _, Pickled.Whole _, Pickled.Real _, Pickled.Text _ -> {}
            case Pickled.Tuple _, Pickled.Sequence _, Pickled.Global _, Pickled.Storage _ -> {}
        }
    }

    private void collectAll(String name, Pickled.Mapping mapping, int depth) {
        mapping.entries.forEach((key, value) -> {
            // Entries that are no weights count too: a million dictionaries may share them.
            if (++visits > MAX_VISITS) {
                throw new PickleException("nests its values more deeply than weights do, or without end");
            }
            if (key instanceof Pickled.Text(String text)) {
                collect(name.isEmpty() ? text : name + "." + text, value, depth + 1);
            }
        });
    }
}
