package dev.perennial.method.tune;

import dev.perennial.clip.Clip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodState;
import dev.perennial.method.ParameterGroups;
import dev.perennial.method.Part;
import dev.perennial.method.PlainClip;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.vocabulary.GrowingVocabulary;
import dev.perennial.stream.Experience;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * Continual fine-tuning: each experience starts from the weights that the last one left (the baseline of ZSCL, Zheng et al. 2023,
 * arXiv 2303.06628). Without a safeguard it learns well and forgets freely.
 */
public final class Tuning implements Method {
    private static final String START = "start";
    private static final String VOCABULARY = "vocabulary";
    private static final String TRUNK = "trunk";

    private final Clip clip;
    private final TuningOptions options;
    private final List<Safeguard> safeguards;
    private final TaskLoss task;
    private final StartingModel start;
    private final Trunk trunk = new Trunk();
    private final Optional<GrowingVocabulary> vocabulary;
    private Optional<Experience> current = Optional.empty();

    /** Creates fine-tuning with these safeguards, whose terms are added in their order. */
    public Tuning(Clip clip, TuningOptions options, MethodContext context, TaskLoss task, List<Safeguard> safeguards) {
        this.clip = clip;
        options.modules().ifPresent(modules -> modules.addTo(clip, context.random().stream("modules")));
        this.options = options;
        this.task = task;
        this.safeguards = List.copyOf(safeguards);
        this.start = new StartingModel(clip);
        this.vocabulary = options.vocabulary().map(how -> new GrowingVocabulary(clip, how));
        clip.parameters().train(name -> options.train().contains(Part.of(name)));
    }

    /** Creates fine-tuning with these safeguards. */
    public static Tuning of(Clip clip, TuningOptions options, MethodContext context, Safeguard... safeguards) {
        return new Tuning(clip, options, context, taskLoss(clip, options, context), List.of(safeguards));
    }

    /** Returns the loss of the task, for safeguards that encode further samples with it. */
    public static TaskLoss taskLoss(Clip clip, TuningOptions options, MethodContext context) {
        return new TaskLoss(clip, options.labelSmoothing(), context.random().stream("captions"));
    }

    @Override
    public LearningPlan begin(Experience experience) {
        vocabulary.ifPresent(growing -> growing.growFor(experience));
        safeguards.forEach(safeguard -> safeguard.begin(experience, start));
        // A teacher is the model that was used and judged, at the end of its cooldown.
        trunk.putBack(clip.parameters().trained());
        return plan(experience);
    }

    @Override
    public LearningPlan resume(Experience experience) {
        safeguards.forEach(safeguard -> safeguard.resume(experience, start));
        return plan(experience);
    }

    private LearningPlan plan(Experience experience) {
        current = Optional.of(experience);
        var plan = new LearningPlan.Gradients(
                ParameterGroups.byDecay(clip.parameters().trained()));
        for (Safeguard safeguard : safeguards) {
            plan = safeguard.plan(plan, experience);
        }
        return plan;
    }

    @Override
    public Tensor loss(Batch batch) {
        return TensorScope.compute(() -> {
            Forward forward = task.forward(batch);
            Tensor loss = forward.loss();
            for (Safeguard safeguard : safeguards) {
                Optional<Tensor> term = safeguard.term(batch, forward);
                loss = term.isPresent() ? loss.add(term.get()) : loss;
            }
            return loss;
        });
    }

    @Override
    public void stepped(int step) {
        if (options.train().contains(Part.LOGIT_SCALE)) {
            ContrastiveLoss.clampLogitScale(clip.parameters().get("logit_scale"));
        }
        safeguards.forEach(safeguard -> safeguard.stepped(step));
    }

    /** A vocabulary that grows has no rows to go back to. */
    @Override
    public boolean canBranch() {
        return vocabulary.isEmpty() && safeguards.stream().allMatch(Safeguard::canBranch);
    }

    @Override
    public void cooling() {
        trunk.keep(clip.parameters().trained());
    }

    @Override
    public void end() {
        Experience learned =
                current.orElseThrow(() -> new IllegalStateException("an experience ends that never began"));
        safeguards.forEach(safeguard -> safeguard.end(learned, start));
        start.close();
        current = Optional.empty();
    }

    @Override
    public AdaptedClip adapted() {
        return new PlainClip(clip);
    }

    @Override
    public boolean leavesPretrainedWeights() {
        return options.train().equals(Set.of(Part.MODULES));
    }

    @Override
    public boolean keepsUnseenImages() {
        return leavesPretrainedWeights()
                && options.modules().filter(ModuleOptions::leaveImages).isPresent();
    }

    @Override
    public MethodState save() {
        var state = new StateWriter();
        state.tensors(clip.parameters().trained());
        vocabulary.ifPresent(growing -> growing.save(state.piece(VOCABULARY)));
        start.save(state.piece(START));
        trunk.save(state.piece(TRUNK));
        safeguards.forEach(safeguard -> safeguard.save(state.piece(safeguard.name())));
        return state.state();
    }

    @Override
    public void restore(MethodState saved) {
        var state = new StateReader(saved);
        vocabulary.ifPresent(growing -> growing.restore(state.piece(VOCABULARY)));
        state.copyTo(clip.parameters().trained());
        start.restore(state.piece(START));
        trunk.restore(state.piece(TRUNK));
        safeguards.forEach(safeguard -> safeguard.restore(state.piece(safeguard.name())));
    }

    @Override
    public long parameterCount() {
        return clip.parameters().count();
    }

    @Override
    public void close() {
        safeguards.forEach(Safeguard::close);
        start.close();
        trunk.close();
        clip.close();
    }
}
