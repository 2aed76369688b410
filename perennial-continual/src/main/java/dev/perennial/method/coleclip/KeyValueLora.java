package dev.perennial.method.coleclip;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Projection;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Low-rank updates {@code W + g B A} of the keys' and values' projections in all blocks of a tower (Hu et al. 2021, arXiv
 * 2106.09685), with a learned factor {@code g}.
 */
final class KeyValueLora implements AutoCloseable {
    private static final List<Projection> PLACES = List.of(Projection.KEY, Projection.VALUE);

    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    private final int width;

    /**
     * Creates updates of zero.
     *
     * @param layers of the tower
     * @param width of the tower
     */
    KeyValueLora(int layers, int width, int rank) {
        this.width = width;
        try (var _ = new TensorScope()) {
            for (int layer = 0; layer < layers; layer++) {
                for (Projection place : PLACES) {
                    String prefix = prefix(layer, place);
                    put(prefix + "A", rank, width);
                    put(prefix + "B", width, rank);
                    put(prefix + "scale");
                }
            }
        }
    }

    private static String prefix(int layer, Projection place) {
        return layer + "." + place.name().toLowerCase(Locale.ROOT) + ".";
    }

    private void put(String name, long... shape) {
        int elements = 1;
        for (long length : shape) {
            elements = Math.multiplyExact(elements, Math.toIntExact(length));
        }
        Tensor zeros = Tensors.of(new float[elements], elements).reshape(shape);
        parameters.put(name, zeros.set_requires_grad(true).retainReference());
    }

    /** Starts anew: A evenly from plus and minus {@code 1 / sqrt(width)}, B at 0, so that nothing is added yet, and g at 1. */
    void draw(RandomStream random) {
        float bound = (float) (1 / Math.sqrt(width));
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            parameters.forEach((name, tensor) -> {
                if (name.endsWith(".A")) {
                    float[] start = new float[Math.toIntExact(tensor.numel())];
                    for (int i = 0; i < start.length; i++) {
                        start[i] = random.nextFloat(-bound, bound);
                    }
                    tensor.copy_(Tensors.of(start, tensor.shape()));
                } else {
                    tensor.fill_(new Scalar(name.endsWith(".scale") ? 1.0 : 0.0));
                }
            });
        }
    }

    /** Attaches the updates to a tower. */
    TowerSites attachTo(TowerSites sites) {
        for (int layer = 0; layer < sites.layers(); layer++) {
            for (Projection place : PLACES) {
                String prefix = prefix(layer, place);
                sites.block(layer).add(place, input -> term(input, prefix));
            }
        }
        return sites;
    }

    private Tensor term(Tensor input, String prefix) {
        return TensorScope.compute(() -> input.matmul(get(prefix + "A").t())
                .matmul(get(prefix + "B").t())
                .mul(get(prefix + "scale")));
    }

    private Tensor get(String name) {
        Tensor tensor = parameters.get(name);
        if (tensor == null) {
            throw new IllegalStateException("the tower has more blocks than low-rank updates: there is no " + name);
        }
        return tensor;
    }

    /** Returns all that is trained, such as {@code 0.key.A}. */
    SequencedMap<String, Tensor> parameters() {
        return Collections.unmodifiableSequencedMap(parameters);
    }

    long count() {
        return parameters.values().stream().mapToLong(Tensor::numel).sum();
    }

    void save(StateWriter state) {
        state.tensors(parameters);
    }

    void restore(StateReader state) {
        state.copyTo(parameters);
    }

    @Override
    public void close() {
        parameters.values().forEach(Tensor::close);
    }
}
