package dev.perennial.method.time;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.data.BadSampleException;
import dev.perennial.data.Dataset;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.MethodContext;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;

/**
 * What is kept of earlier time steps and learned again with every new one: the cumulative strategies of TiC-CLIP (Garg et al. 2024,
 * arXiv 2310.16226).
 *
 * <p>Samples are kept as places in their data sets, which stay where they are. What was discarded once never comes back.
 */
final class Archive implements Safeguard {
    private static final String KEPT = "kept";

    private final MemoryShare share;
    private final ReplayMemory memory;
    private final List<Double> budgets;
    private final MethodContext context;
    private final RandomStream random;
    private final List<Kept> kept = new ArrayList<>();

    /**
     * What is kept of one step: the first samples of a random order, so that fewer can be kept later.
     *
     * @param experience its index
     * @param order seed of the order
     * @param count samples
     * @param weight of them, in the unit of the memory
     */
    private record Kept(int experience, long order, int count, long weight) {}

    /**
     * Creates an empty archive.
     *
     * @param budgets multiples of the configured steps, one for each time step, the last one for all that follow; none for 1
     */
    Archive(MemoryShare share, ReplayMemory memory, List<Double> budgets, MethodContext context) {
        this.share = share;
        this.memory = memory;
        this.budgets = List.copyOf(budgets);
        this.context = context;
        this.random = context.random().stream("replay order");
    }

    @Override
    public String name() {
        return "archive";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        long[] stored = kept.reversed().stream().mapToLong(Kept::weight).toArray();
        long[] quotas = share.quotas(memory.size(experience.train()), stored);
        for (int i = 0; i < stored.length; i++) {
            int place = kept.size() - 1 - i;
            kept.set(place, shrunk(kept.get(place), quotas[i]));
        }
    }

    private Kept shrunk(Kept old, long quota) {
        if (old.weight() <= quota) {
            return old;
        }
        Dataset data = data(old.experience());
        int[] order = order(old, data);
        int count = 0;
        long weight = 0;
        while (count < old.count()) {
            long next = weight + weight(data, order[count]);
            if (next > quota) {
                break;
            }
            weight = next;
            count++;
        }
        return new Kept(old.experience(), old.order(), count, weight);
    }

    /** A sample that cannot be read takes no room; where it is loaded, it is counted. */
    private long weight(Dataset data, int position) {
        try {
            return memory.weight(data.sample(position));
        } catch (BadSampleException e) {
            return 0;
        }
    }

    @Override
    public LearningPlan.Gradients plan(LearningPlan.Gradients own, Experience experience) {
        List<Dataset> parts = new ArrayList<>();
        for (Kept old : kept) {
            Dataset data = data(old.experience());
            int[] positions = Arrays.copyOf(order(old, data), old.count());
            Arrays.sort(positions);
            parts.add(data.select(positions));
        }
        double budget = budgets.isEmpty() ? 1 : budgets.get(Math.min(experience.index(), budgets.size() - 1));
        return own.over(experience.after(parts), budget);
    }

    private Dataset data(int experience) {
        return context.data().stream().get(experience).train();
    }

    private static int[] order(Kept old, Dataset data) {
        return new RandomStream(old.order()).permutation(data.size());
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        Dataset data = experience.train();
        long weight = IntStream.range(0, data.size())
                .mapToLong(position -> weight(data, position))
                .sum();
        kept.add(new Kept(experience.index(), random.nextLong(), data.size(), weight));
    }

    @Override
    public void save(StateWriter state) {
        ArrayNode saved = state.record().putArray(KEPT);
        kept.forEach(old -> saved.addObject()
                .put("experience", old.experience())
                .put("order", old.order())
                .put("count", old.count())
                .put("weight", old.weight()));
    }

    @Override
    public void restore(StateReader state) {
        kept.clear();
        state.record()
                .required(KEPT)
                .forEach(old -> kept.add(new Kept(
                        old.required("experience").asInt(),
                        old.required("order").asLong(),
                        old.required("count").asInt(),
                        old.required("weight").asLong())));
    }
}
