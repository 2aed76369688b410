package dev.perennial.method.coleclip;

import dev.perennial.clip.ClassEmbeddings;
import dev.perennial.clip.Clip;
import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.LearnedClasses;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodState;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.PlainClip;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.Tower;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * CoLeCLIP (Li et al. 2024, arXiv 2403.10245): CLIP stays frozen. A task learns prompts that read the image, and moves the embeddings
 * of its class names, with the help of low-rank updates of the text tower that are thrown away when it ends.
 */
final class CoLeClip implements Method {
    private static final String PROMPT = "prompt";
    private static final String PROMPTS = "prompts";
    private static final String VOCABULARY = "vocabulary";
    private static final String LEARNED = "learned";
    private static final String TASK = "task";
    private static final String START = "start";
    private static final String STEP = "step";
    private static final String LORA = "lora";

    private final Clip clip;
    private final PlainClip plain;
    private final CoLeClipProvider.Options options;
    private final IntUnaryOperator steps;
    private final RandomStream random;
    private final TaskPrompts prompts;
    private final KeyValueLora lora;
    private final Vocabulary vocabulary;
    private final LearnedClasses learned = new LearnedClasses();
    private final TowerSites imageSites;
    private final TowerSites textSites;
    private Optional<CurrentTask> current = Optional.empty();
    /** Where the embeddings of the current task's classes started; present while a task is learned. */
    private Optional<Tensor> start = Optional.empty();
    /** The step to come of the current task, counted from 0. */
    private int step;

    CoLeClip(Clip clip, CoLeClipProvider.Options options, MethodContext context) {
        this.clip = clip;
        this.plain = new PlainClip(clip);
        this.options = options;
        this.steps = context.steps();
        this.random = context.random().stream("prompts");
        TransformerConfig text = clip.config().text().transformer();
        prompts = new TaskPrompts(options.prompts(), imageWidth(clip));
        lora = new KeyValueLora(text.layers(), text.width(), options.rank());
        vocabulary = new Vocabulary(clip.config().embedDim());
        imageSites = clip.newImageSites().readers(prompts);
        textSites = lora.attachTo(clip.newTextSites());
        clip.parameters().train(_ -> false);
    }

    private static int imageWidth(Clip clip) {
        return switch (clip.config().vision()) {
            case VitConfig vit -> vit.transformer().width();
            case ResNetConfig _ ->
                throw new IllegalArgumentException(
                        "coleclip adds prompts to a vision transformer, but the model has a ResNet");
        };
    }

    @Override
    public LearningPlan begin(Experience experience) {
        Supervision.Labels labels = experience.requireLabels("coleclip");
        prompts.add(random);
        lora.draw(random);
        addToVocabulary(labels);
        learned.append(experience.index(), labels.classNames());
        try (var _ = new TensorScope()) {
            startFrom(Optional.of(vocabulary.of(labels.classNames())));
        }
        step = 0;
        return resume(experience);
    }

    /** A name that is new starts at its zero-shot embedding; one that was learned goes on from there. */
    private void addToVocabulary(Supervision.Labels labels) {
        List<String> names = labels.classNames().stream()
                .filter(name -> !vocabulary.has(name))
                .toList();
        if (!names.isEmpty()) {
            try (var _ = new TensorScope()) {
                vocabulary.add(names, ClassEmbeddings.of(plain::embedTexts, names, labels.templates()));
            }
        }
    }

    @Override
    public LearningPlan resume(Experience experience) {
        Supervision.Labels labels = experience.requireLabels("coleclip");
        List<String> names = labels.classNames();
        int total = steps.applyAsInt(experience.train().size());
        var margin = new EnergyMargin(options.negatives().quantile(), clip.logitScale());
        leave();
        current = Optional.of(new CurrentTask(
                names, clip.tokens(TaskLoss.prompts(labels)), TaskObjective.of(learned, names, margin), (int)
                        (options.negatives().after() * total)));
        Tensor prompt = prompts.of(prompts.tasks() - 1).set_requires_grad(true);
        return new LearningPlan.Gradients(List.of(
                new ParameterGroup("task prompt", named(Map.of(PROMPT, prompt)), 1, false),
                new ParameterGroup("low-rank updates", lora.parameters(), 1, false)));
    }

    /** Prompts enter the image tower, low-rank updates the text tower. */
    @Override
    public Optional<Tower> tower(String parameter) {
        return Optional.of(parameter.equals(PROMPT) ? Tower.IMAGE : Tower.TEXT);
    }

    private static SequencedMap<String, Tensor> named(Map<String, Tensor> tensors) {
        return new LinkedHashMap<>(tensors);
    }

    @Override
    public Tensor loss(Batch batch) {
        CurrentTask task = current();
        return TensorScope.compute(() -> {
            Tensor encoded = clip.encodeImages(batch.pixels(), imageSites);
            Tensor views = Tensors.normalized(prompts.views(encoded));
            Tensor texts = clip.encodeTexts(task.classPrompts(), textSites);
            Tensor embeddings = vocabulary.of(task.classNames());
            Tensor fused = Vocabulary.fused(embeddings, texts);
            task.propose(Vocabulary.moved(embeddings, fused, options.momentum()));
            long[] labels = batch.labels();
            Tensor classification = task.loss(step, views, fused, vocabulary, Tensors.of(labels, labels.length));
            Tensor drift = TaskObjective.drift(fused, start.orElseThrow());
            return classification.add(drift.mul(new Scalar(options.regularization())));
        });
    }

    @Override
    public void stepped(int taken) {
        current().accept(vocabulary);
        step = taken + 1;
    }

    @Override
    public void end() {
        prompts.of(prompts.tasks() - 1).set_requires_grad(false);
        leave();
        startFrom(Optional.empty());
    }

    private CurrentTask current() {
        return current.orElseThrow(() -> new IllegalStateException("no experience has begun"));
    }

    private void leave() {
        current.ifPresent(CurrentTask::close);
        current = Optional.empty();
    }

    @Override
    public AdaptedClip adapted() {
        return new PromptedClip(clip, plain, imageSites, prompts, vocabulary, learned);
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
    public MethodState save() {
        var state = new StateWriter();
        prompts.save(state.piece(PROMPTS));
        vocabulary.save(state.piece(VOCABULARY));
        state.record().set(LEARNED, learned.save());
        start.ifPresent(embeddings -> {
            StateWriter task = state.piece(TASK);
            task.tensor(START, embeddings);
            task.record().put(STEP, step);
            lora.save(task.piece(LORA));
        });
        return state.state();
    }

    @Override
    public void restore(MethodState saved) {
        var state = new StateReader(saved);
        leave();
        startFrom(Optional.empty());
        prompts.restore(state.piece(PROMPTS));
        vocabulary.restore(state.piece(VOCABULARY));
        learned.restore(state.record().required(LEARNED));
        StateReader task = state.piece(TASK);
        if (task.has(START)) {
            try (var _ = new TensorScope()) {
                startFrom(Optional.of(TensorStorage.loadExactly(task.tensor(START))));
            }
            step = task.record().required(STEP).asInt();
            lora.restore(task.piece(LORA));
        }
    }

    /** Keeps where the embeddings of a task started, or drops what was kept. */
    private void startFrom(Optional<Tensor> embeddings) {
        start.ifPresent(Tensor::close);
        start = embeddings.map(Tensor::retainReference);
    }

    @Override
    public long parameterCount() {
        return clip.parameters().count() + prompts.count() + vocabulary.count() + lora.count();
    }

    @Override
    public void close() {
        leave();
        startFrom(Optional.empty());
        prompts.close();
        vocabulary.close();
        lora.close();
        clip.close();
    }
}
