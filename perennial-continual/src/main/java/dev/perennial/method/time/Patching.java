package dev.perennial.method.time;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.Dataset;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.MethodContext;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.Weights;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.node.ArrayNode;

/**
 * Patching: after each time step but the first, {@code theta = lambda theta_t + (1 - lambda) theta_{t-1}} with the lambda that is best on
 * samples held out of this step and the earlier ones (TiC-CLIP, Garg et al. 2024, arXiv 2310.16226, after Ilharco et al. 2022, arXiv
 * 2208.05592).
 */
final class Patching implements Safeguard {
    private static final String ORDERS = "orders";
    private static final String SHARES = "shares";

    private final Clip student;
    private final PatchingProvider.Options options;
    private final HeldOutScore score;
    private final MethodContext context;
    private final RandomStream random;
    /** Seeds of the orders whose first samples are held out, one for each step that has begun. */
    private final List<Long> orders = new ArrayList<>();
    /** The lambda that was chosen after each step but the first. */
    private final List<Double> chosen = new ArrayList<>();

    Patching(Clip student, PatchingProvider.Options options, MethodContext context) {
        this.student = student;
        this.options = options;
        this.score = new HeldOutScore(student, context);
        this.context = context;
        this.random = context.random().stream("held-out order");
    }

    @Override
    public String name() {
        return "patching";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        orders.add(random.nextLong());
        if (orders.size() > 1) {
            start.model();
        }
    }

    @Override
    public LearningPlan.Gradients plan(LearningPlan.Gradients own, Experience experience) {
        int[] order = order(experience);
        int[] rest = Arrays.copyOfRange(order, heldOut(order.length), order.length);
        Arrays.sort(rest);
        return own.over(experience.over(experience.train().select(rest)), 1);
    }

    @Override
    public boolean canBranch() {
        return false;
    }

    private int[] order(Experience experience) {
        return new RandomStream(orders.get(experience.index()))
                .permutation(experience.train().size());
    }

    private int heldOut(int samples) {
        return (int)
                Math.min(options.heldOut().most(), Math.round(options.heldOut().share() * samples));
    }

    private Dataset heldOut(Experience experience) {
        int[] order = order(experience);
        int[] first = Arrays.copyOf(order, heldOut(order.length));
        Arrays.sort(first);
        return experience.train().select(first);
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        if (experience.index() == 0) {
            return;
        }
        List<Experience> seen = new ArrayList<>(context.data().stream().subList(0, experience.index()));
        seen.add(experience);
        SequencedMap<String, Tensor> learned =
                Weights.copies(student.parameters().trained());
        double best = Double.NEGATIVE_INFINITY;
        double lambda = 1;
        for (double candidate : options.lambdas()) {
            interpolate(learned, start.model(), candidate);
            double mean = seen.stream()
                    .mapToDouble(step -> score.of(heldOut(step), step.supervision()))
                    .average()
                    .orElseThrow();
            if (mean > best) {
                best = mean;
                lambda = candidate;
            }
        }
        interpolate(learned, start.model(), lambda);
        chosen.add(lambda);
        learned.values().forEach(Tensor::close);
    }

    private void interpolate(Map<String, Tensor> learned, Clip before, double lambda) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            learned.forEach((name, value) -> student.parameters()
                    .get(name)
                    .copy_(value.mul(new Scalar(lambda))
                            .add(before.parameters().get(name).mul(new Scalar(1 - lambda)))));
        }
    }

    @Override
    public void save(StateWriter state) {
        ArrayNode seeds = state.record().putArray(ORDERS);
        orders.forEach(seeds::add);
        ArrayNode lambdas = state.record().putArray(SHARES);
        chosen.forEach(lambdas::add);
    }

    @Override
    public void restore(StateReader state) {
        orders.clear();
        chosen.clear();
        state.record().required(ORDERS).forEach(seed -> orders.add(seed.asLong()));
        state.record().required(SHARES).forEach(lambda -> chosen.add(lambda.asDouble()));
    }
}
