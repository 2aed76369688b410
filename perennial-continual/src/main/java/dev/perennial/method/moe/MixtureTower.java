package dev.perennial.method.moe;

import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tower.Branch;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** The mixtures of all blocks of a tower. */
final class MixtureTower implements AutoCloseable {
    private static final String FROZEN = "frozen";
    private static final String COUNTS = "counts";

    private final List<Mixture> blocks;
    private int routers;

    MixtureTower(TransformerConfig tower, MixtureSettings settings, RandomStream random) {
        this(Stream.generate(() -> new Mixture(tower.width(), settings, random))
                .limit(tower.layers())
                .toList());
    }

    MixtureTower(List<Mixture> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    void addRouter() {
        blocks.forEach(Mixture::addRouter);
        routers++;
    }

    int routers() {
        return routers;
    }

    /** Attaches the mixtures by one router to a tower in use. */
    TowerSites inference(TowerSites empty, int router) {
        return attached(empty, Mixture::inference, router);
    }

    /** Attaches the mixtures by one router to a tower that is trained. */
    TowerSites training(TowerSites empty, int router) {
        return attached(empty, Mixture::training, router);
    }

    private TowerSites attached(TowerSites sites, BiFunction<Mixture, Integer, Branch> branch, int router) {
        for (int i = 0; i < blocks.size(); i++) {
            sites.block(i).add(Branch.Beside.MLP, branch.apply(blocks.get(i), router));
        }
        return sites;
    }

    /** Makes what a task trains require gradients, and returns it, such as {@code 0.experts.3.up.weight}. */
    SequencedMap<String, Tensor> train(int router) {
        SequencedMap<String, Tensor> trained = named(mixture -> mixture.trained(router));
        trained.values().forEach(tensor -> tensor.set_requires_grad(true));
        return trained;
    }

    /** Ends a task. */
    void rest() {
        named(Mixture::parameters).values().forEach(tensor -> tensor.set_requires_grad(false));
    }

    void freezeMostChosen(int count) {
        blocks.forEach(mixture -> mixture.freezeMostChosen(count));
    }

    private SequencedMap<String, Tensor> named(Function<Mixture, SequencedMap<String, Tensor>> ofBlock) {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            String prefix = i + ".";
            ofBlock.apply(blocks.get(i)).forEach((name, tensor) -> all.put(prefix + name, tensor));
        }
        return all;
    }

    long count() {
        return named(Mixture::parameters).values().stream()
                .mapToLong(Tensor::numel)
                .sum();
    }

    void save(StateWriter state) {
        state.tensors(named(Mixture::parameters));
        ArrayNode frozen = state.record().putArray(FROZEN);
        ArrayNode counts = state.record().putArray(COUNTS);
        for (Mixture mixture : blocks) {
            ArrayNode frozenHere = frozen.addArray();
            ArrayNode countsHere = counts.addArray();
            IntStream.range(0, mixture.frozen().length).forEach(e -> {
                frozenHere.add(mixture.frozen()[e]);
                countsHere.add(mixture.counts()[e]);
            });
        }
    }

    /**
     * Puts back what was saved.
     *
     * @param saved number of routers that were saved
     */
    void restore(StateReader state, int saved) {
        blocks.forEach(Mixture::clearRouters);
        routers = 0;
        while (routers < saved) {
            addRouter();
        }
        rest();
        state.copyTo(named(Mixture::parameters));
        for (int i = 0; i < blocks.size(); i++) {
            Mixture mixture = blocks.get(i);
            JsonNode frozen = state.record().required(FROZEN).required(i);
            JsonNode counts = state.record().required(COUNTS).required(i);
            for (int e = 0; e < mixture.frozen().length; e++) {
                mixture.frozen()[e] = frozen.required(e).asBoolean();
                mixture.counts()[e] = counts.required(e).asLong();
            }
        }
    }

    @Override
    public void close() {
        blocks.forEach(Mixture::close);
    }
}
