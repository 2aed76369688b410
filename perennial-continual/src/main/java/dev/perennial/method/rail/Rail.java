package dev.perennial.method.rail;

import dev.perennial.clip.Clip;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.LearnedClasses;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodState;
import dev.perennial.method.PlainClip;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.stream.Experience;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Regression-based analytic incremental learning (Xu et al. 2024, arXiv 2406.18868): CLIP stays frozen, a ridge regression over its
 * image features learns each task in one pass and one solve, and its scores are fused with the zero-shot ones.
 */
final class Rail implements Method {
    private final Clip clip;
    private final RailProvider.Options options;
    private final LearnedClasses columns = new LearnedClasses();
    private long seed;
    private Regression regression;

    /**
     * Creates the method.
     *
     * @param seed of the random layer; another takes its place when a state is restored
     */
    Rail(Clip clip, RailProvider.Options options, long seed) {
        this.clip = clip;
        this.options = options;
        this.seed = seed;
        clip.parameters().train(_ -> false);
        regression = newRegression();
    }

    private Regression newRegression() {
        return switch (options.form()) {
            case PRIMAL ->
                PrimalRidge.random(
                        seed,
                        clip.config().embedDim(),
                        options.primal().hidden(),
                        options.primal().ridge());
            case DUAL -> new DualRidge(options.dual().gamma(), options.dual().ridge());
        };
    }

    @Override
    public LearningPlan begin(Experience experience) {
        columns.append(experience.index(), experience.requireLabels("rail").classNames());
        return resume(experience);
    }

    @Override
    public LearningPlan resume(Experience experience) {
        // The classes of the experience begun last are the last columns.
        int first =
                columns.size() - experience.requireLabels("rail").classNames().size();
        return new LearningPlan.Passes(batch -> learn(batch, first));
    }

    private void learn(Batch batch, int firstColumn) {
        long[] classes =
                Arrays.stream(batch.labels()).map(label -> firstColumn + label).toArray();
        regression.add(FrozenFeatures.ofBatch(clip, batch.pixels()), classes);
    }

    @Override
    public Tensor loss(Batch batch) {
        throw new IllegalStateException("rail is solved in closed form, so a batch has no loss");
    }

    @Override
    public void end() {
        regression.solve(columns.size());
    }

    @Override
    public AdaptedClip adapted() {
        return new RailClip(new PlainClip(clip), clip.logitScale(), regression, columns, new Fusion(options.fusion()));
    }

    @Override
    public MethodState save() {
        var state = new StateWriter();
        regression.save(state);
        state.record().put("seed", seed).set("columns", columns.save());
        return state.state();
    }

    @Override
    public void restore(MethodState state) {
        seed = state.record().required("seed").asLong();
        columns.restore(state.record().required("columns"));
        regression.close();
        regression = newRegression();
        regression.restore(new StateReader(state));
    }

    @Override
    public boolean leavesPretrainedWeights() {
        return true;
    }

    @Override
    public boolean keepsUnseenImages() {
        return true;
    }

    @Override
    public long parameterCount() {
        return clip.parameters().count() + regression.parameterCount();
    }

    @Override
    public void close() {
        regression.close();
        clip.close();
    }
}
