package dev.perennial.method.coleclip;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.node.ArrayNode;

/** The embedding of each class name that was learned, of length one: the only place where knowledge of texts is kept. */
final class Vocabulary implements AutoCloseable {
    private static final String EMBEDDINGS = "embeddings";
    private static final String NAMES = "names";

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private Tensor embeddings;

    /** Creates an empty vocabulary of vectors of this length. */
    Vocabulary(int embedDim) {
        try (var _ = new TensorScope()) {
            embeddings = Tensors.of(new float[0], 0, embedDim).retainReference();
        }
    }

    boolean has(String name) {
        return places.containsKey(name);
    }

    /** Returns copies of the embeddings of these names, {@code [names, embedDim]}. */
    Tensor of(List<String> wanted) {
        return TensorScope.compute(() -> embeddings.index_select(0, rows(wanted)));
    }

    /** Adds names that are new, with their embeddings of length one, {@code [names, embedDim]}. */
    void add(List<String> added, Tensor theirs) {
        added.forEach(name -> {
            if (places.putIfAbsent(name, names.size()) != null) {
                throw new IllegalArgumentException("'" + name + "' is in the vocabulary already");
            }
            names.add(name);
        });
        try (var _ = new TensorScope()) {
            hold(Tensors.concat(0, embeddings, theirs));
        }
    }

    /** Overwrites the embeddings of names. */
    void put(List<String> known, Tensor theirs) {
        try (var _ = new TensorScope()) {
            embeddings.index_copy_(0, rows(known), theirs);
        }
    }

    private Tensor rows(List<String> wanted) {
        return Tensors.indices(wanted.stream().mapToInt(this::place).toArray());
    }

    private int place(String name) {
        Integer place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("'" + name + "' is not in the vocabulary");
        }
        return place;
    }

    /**
     * Returns what a class is compared with while it is learned: the mean of its embedding and its text feature, of length one.
     *
     * @param embeddings of the vocabulary, {@code [classes, embedDim]}
     * @param texts features, {@code [classes, embedDim]}
     */
    static Tensor fused(Tensor embeddings, Tensor texts) {
        return TensorScope.compute(() ->
                Tensors.normalized(embeddings.add(Tensors.normalized(texts)).mul(new Scalar(0.5))));
    }

    /** Returns embeddings moved by the share {@code momentum} of the way to the fused ones, of length one, without a graph. */
    static Tensor moved(Tensor embeddings, Tensor fused, double momentum) {
        return TensorScope.computeWithoutGradient(() ->
                Tensors.normalized(fused.mul(new Scalar(momentum)).add(embeddings.mul(new Scalar(1 - momentum)))));
    }

    long count() {
        return embeddings.numel();
    }

    void save(StateWriter state) {
        state.tensor(EMBEDDINGS, embeddings);
        ArrayNode saved = state.record().putArray(NAMES);
        names.forEach(saved::add);
    }

    void restore(StateReader state) {
        names.clear();
        places.clear();
        state.record().required(NAMES).forEach(name -> {
            places.put(name.asString(), names.size());
            names.add(name.asString());
        });
        try (var _ = new TensorScope()) {
            hold(TensorStorage.loadExactly(state.tensor(EMBEDDINGS)));
        }
    }

    private void hold(Tensor replacement) {
        Tensor before = embeddings;
        embeddings = replacement.retainReference();
        before.close();
    }

    @Override
    public void close() {
        embeddings.close();
    }
}
