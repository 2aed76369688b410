package dev.perennial.train;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodState;
import dev.perennial.method.ParameterGroup;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.node.JsonNodeFactory;

/** One weight, pulled to zero, whose loss is no number in some steps. */
final class ExplodingMethod implements Method {
    private final Tensor weight = Tensors.of(new float[] {1}, 1).retainReference();
    private final Set<Integer> explodingSteps;
    final List<Integer> stepped = new ArrayList<>();
    private int losses;

    /** Creates the method; steps are counted from 0. */
    ExplodingMethod(Integer... explodingSteps) {
        this.explodingSteps = Set.of(explodingSteps);
        weight.set_requires_grad(true);
    }

    float weight() {
        return weight.item_float();
    }

    @Override
    public LearningPlan begin(Experience experience) {
        return new LearningPlan.Gradients(
                List.of(new ParameterGroup("all", new LinkedHashMap<>(Map.of("w", weight)), 1, false)));
    }

    @Override
    public LearningPlan resume(Experience experience) {
        return begin(experience);
    }

    @Override
    public Tensor loss(Batch batch) {
        double factor = explodingSteps.contains(losses++) ? Double.NaN : 1;
        return TensorScope.compute(
                () -> weight.mul(weight).mul(new Scalar(factor)).sum());
    }

    @Override
    public void stepped(int step) {
        stepped.add(step);
    }

    @Override
    public void end() {}

    @Override
    public AdaptedClip adapted() {
        throw new IllegalStateException("this method adapts no model");
    }

    @Override
    public MethodState save() {
        return new MethodState(Map.of("w", TensorStorage.view("w", weight)), JsonNodeFactory.instance.objectNode());
    }

    @Override
    public void restore(MethodState state) {
        throw new IllegalStateException("this method is not restored");
    }

    @Override
    public long parameterCount() {
        return 1;
    }

    @Override
    public void close() {
        weight.close();
    }
}
