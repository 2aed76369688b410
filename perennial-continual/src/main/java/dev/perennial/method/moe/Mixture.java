package dev.perennial.method.moe;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Branch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The experts of one block, which run beside its MLP, and the routers that choose among them by a sample's first token. */
final class Mixture implements AutoCloseable {
    private final int width;
    private final MixtureSettings settings;
    private final List<Expert> experts;
    private final List<Router> routers = new ArrayList<>();
    private final boolean[] frozen;
    private final long[] counts;

    /** Draws the experts of a block of this width; there is no router yet. */
    Mixture(int width, MixtureSettings settings, RandomStream random) {
        this(
                width,
                settings,
                Stream.generate(() -> Expert.draw(width, settings, random))
                        .limit(settings.experts())
                        .toList());
    }

    Mixture(int width, MixtureSettings settings, List<Expert> experts) {
        this.width = width;
        this.settings = settings;
        this.experts = List.copyOf(experts);
        this.frozen = new boolean[experts.size()];
        this.counts = new long[experts.size()];
    }

    void addRouter() {
        add(Router.create(width, experts.size()));
    }

    void add(Router router) {
        routers.add(router);
    }

    /** Returns the mixture by this router, without noise and dropout. */
    Branch inference(int router) {
        return (residual, _) -> TensorScope.compute(() ->
                mixed(residual, routers.get(router).gates(residual.select(1, 0), settings.topK()), 0));
    }

    /** Returns the mixture by this router with noise and dropout; what it chooses is counted. */
    Branch training(int router) {
        return (residual, _) -> TensorScope.compute(() -> {
            Tensor epsilon = torch.randn(residual.size(0), experts.size());
            Gates gates = routers.get(router).gates(residual.select(1, 0), epsilon, settings.topK());
            long[] chosen = gates.counts();
            IntStream.range(0, counts.length).forEach(i -> counts[i] += chosen[i]);
            return mixed(residual, gates, settings.dropout());
        });
    }

    /** Returns the weighted sum of the chosen experts; each is computed once, for the samples that chose it. */
    Tensor mixed(Tensor tokens, Gates gates, double dropout) {
        return TensorScope.compute(() -> {
            Tensor sum = torch.zeros_like(tokens);
            for (int e = 0; e < experts.size(); e++) {
                int[] samples = gates.samplesOf(e);
                if (samples.length > 0) {
                    sum = added(sum, tokens, gates, e, samples, dropout);
                }
            }
            return sum;
        });
    }

    private Tensor added(Tensor sum, Tensor tokens, Gates gates, int expert, int[] samples, double dropout) {
        return TensorScope.compute(() -> {
            boolean all = samples.length == tokens.size(0);
            Tensor rows = Tensors.indices(samples);
            Tensor inputs = all ? tokens : tokens.index_select(0, rows);
            Tensor weights = gates.weights().select(1, expert).index_select(0, rows);
            Tensor term = experts.get(expert).apply(inputs, weights, dropout).to(sum.scalar_type());
            return all ? sum.add(term) : sum.index_add_(0, rows, term);
        });
    }

    /** Returns what a task trains: its router, and the experts that are not frozen. */
    SequencedMap<String, Tensor> trained(int router) {
        SequencedMap<String, Tensor> trained = new LinkedHashMap<>();
        for (int e = 0; e < experts.size(); e++) {
            if (!frozen[e]) {
                put(trained, expertName(e), experts.get(e).parameters());
            }
        }
        put(trained, routerName(router), routers.get(router).parameters());
        return trained;
    }

    /** Returns the parameters of all experts and routers by name. */
    SequencedMap<String, Tensor> parameters() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        IntStream.range(0, experts.size())
                .forEach(e -> put(all, expertName(e), experts.get(e).parameters()));
        IntStream.range(0, routers.size())
                .forEach(r -> put(all, routerName(r), routers.get(r).parameters()));
        return all;
    }

    private static String expertName(int expert) {
        return "experts." + expert + ".";
    }

    private static String routerName(int router) {
        return "routers." + router + ".";
    }

    private static void put(SequencedMap<String, Tensor> all, String prefix, SequencedMap<String, Tensor> named) {
        named.forEach((name, tensor) -> all.put(prefix + name, tensor));
    }

    /** Freezes the experts that were chosen most often since the last time, and counts anew. */
    void freezeMostChosen(int count) {
        IntStream.range(0, counts.length)
                .boxed()
                .filter(e -> counts[e] > 0)
                .sorted(Comparator.comparingLong((Integer e) -> -counts[e]))
                .limit(count)
                .forEach(e -> frozen[e] = true);
        Arrays.fill(counts, 0);
    }

    boolean[] frozen() {
        return frozen;
    }

    long[] counts() {
        return counts;
    }

    /** Drops all routers. */
    void clearRouters() {
        routers.forEach(Router::close);
        routers.clear();
    }

    @Override
    public void close() {
        clearRouters();
        experts.forEach(Expert::close);
    }
}
