package dev.perennial.method.baseline;

import dev.perennial.clip.Clip;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodState;
import dev.perennial.method.PlainClip;
import dev.perennial.stream.Experience;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Continual-CLIP: the pretrained model as it is, which gains classes by their names alone (Thengane et al. 2022, arXiv
 * 2210.03114). The lower bound of every table for what is learned, and the upper one for what is kept.
 */
final class Frozen implements Method {
    private final Clip clip;

    Frozen(Clip clip) {
        this.clip = clip;
        clip.parameters().train(_ -> false);
    }

    @Override
    public LearningPlan begin(Experience experience) {
        return new LearningPlan.Nothing();
    }

    @Override
    public LearningPlan resume(Experience experience) {
        return begin(experience);
    }

    @Override
    public Tensor loss(Batch batch) {
        throw new IllegalStateException("the frozen model learns nothing, so a batch has no loss");
    }

    @Override
    public void end() {}

    @Override
    public AdaptedClip adapted() {
        return new PlainClip(clip);
    }

    @Override
    public MethodState save() {
        return new MethodState(Map.of(), JsonNodeFactory.instance.objectNode());
    }

    @Override
    public void restore(MethodState state) {}

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
        return clip.parameters().count();
    }

    @Override
    public void close() {
        clip.close();
    }
}
