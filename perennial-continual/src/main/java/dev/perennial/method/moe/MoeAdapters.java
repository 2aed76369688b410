package dev.perennial.method.moe;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodState;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.PlainClip;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.node.ArrayNode;

/**
 * MoE-Adapters (Yu et al. 2024, arXiv 2403.11549): CLIP stays frozen, small experts run beside the MLPs of both towers, and a router
 * chooses a few of them for each sample. A task has a router of its own and is recognised by autoencoders ({@link Ddas}); without
 * those, one router serves all tasks.
 */
final class MoeAdapters implements Method {
    private static final String IMAGES = "image";
    private static final String TEXTS = "text";
    private static final String DDAS = "ddas";
    private static final String EXPERIENCES = "experiences";
    private static final String ROUTERS = "routers";

    private final Clip clip;
    private final PlainClip plain;
    private final Settings settings;
    private final MethodContext context;
    private final MixtureTower images;
    private final MixtureTower texts;
    private final Optional<Ddas> ddas;
    private final List<Integer> experiences = new ArrayList<>();
    private Optional<TaskLoss> loss = Optional.empty();

    /**
     * The choices.
     *
     * @param mixture the shape of the mixtures
     * @param frozenPerTask experts of a block that are frozen after a task: those chosen most often
     * @param labelSmoothing share of the target spread over all classes
     * @param ddas how tasks are recognised; absent for one router that serves all tasks
     */
    record Settings(MixtureSettings mixture, int frozenPerTask, double labelSmoothing, Optional<DdasSettings> ddas) {}

    MoeAdapters(Clip clip, Settings settings, MethodContext context) {
        this.clip = clip;
        this.plain = new PlainClip(clip);
        this.settings = settings;
        this.context = context;
        TransformerConfig imageTower = ClipPrefix.transformer(clip);
        RandomStream experts = context.random().stream("experts");
        images = new MixtureTower(imageTower, settings.mixture(), experts);
        texts = new MixtureTower(clip.config().text().transformer(), settings.mixture(), experts);
        ddas = settings.ddas()
                .map(chosen ->
                        new Ddas(chosen, source(clip, chosen.features()), context.random().stream("autoencoders")));
        clip.parameters().train(_ -> false);
    }

    private static FeatureSource source(Clip clip, DdasSettings.Features features) {
        return features.alexnet()
                .<FeatureSource>map(file -> AlexNet.read(file, clip))
                .orElseGet(() -> ClipPrefix.of(clip, features.depth()));
    }

    @Override
    public LearningPlan begin(Experience experience) {
        experience.requireLabels("moe-adapters");
        ddas.ifPresent(recognition -> recognition.learn(experience.train(), context));
        experiences.add(experience.index());
        if (ddas.isPresent() || images.routers() == 0) {
            images.addRouter();
            texts.addRouter();
        }
        return resume(experience);
    }

    @Override
    public LearningPlan resume(Experience experience) {
        int router = images.routers() - 1;
        loss = Optional.of(new TaskLoss(
                clip,
                images.training(clip.newImageSites(), router),
                texts.training(clip.newTextSites(), router),
                settings.labelSmoothing(),
                context.random().stream("captions")));
        SequencedMap<String, Tensor> trained = new LinkedHashMap<>();
        images.train(router).forEach((name, tensor) -> trained.put(IMAGES + "." + name, tensor));
        texts.train(router).forEach((name, tensor) -> trained.put(TEXTS + "." + name, tensor));
        return new LearningPlan.Gradients(List.of(
                group("routers", trained, name -> name.contains(".routers.")),
                group("experts", trained, name -> !name.contains(".routers."))));
    }

    private static ParameterGroup group(String name, SequencedMap<String, Tensor> trained, Predicate<String> members) {
        SequencedMap<String, Tensor> group = new LinkedHashMap<>(trained);
        group.keySet().removeIf(members.negate());
        return new ParameterGroup(name, group, 1, true);
    }

    @Override
    public Tensor loss(Batch batch) {
        TaskLoss task = loss.orElseThrow(() -> new IllegalStateException("no experience has begun"));
        return TensorScope.compute(() -> task.forward(batch).loss());
    }

    @Override
    public void end() {
        for (MixtureTower tower : List.of(images, texts)) {
            tower.freezeMostChosen(settings.frozenPerTask());
            tower.rest();
        }
        loss = Optional.empty();
    }

    @Override
    public AdaptedClip adapted() {
        if (images.routers() == 0) {
            return plain;
        }
        return ddas.map(recognition -> routed(recognition, OptionalInt.empty(), List.copyOf(experiences)))
                .orElseGet(() -> routed(this::theOnlyRouter, OptionalInt.of(0), List.of()));
    }

    private RoutedClip routed(AdapterChoice choice, OptionalInt textRouter, List<Integer> recognised) {
        return new RoutedClip(clip, plain, images, texts, choice, textRouter, recognised);
    }

    private AdapterChoice.Choice theOnlyRouter(Tensor pixels) {
        int[] first = new int[Math.toIntExact(pixels.size(0))];
        Arrays.fill(first, 0);
        return new AdapterChoice.Choice(first, () -> clip.encodeImages(pixels));
    }

    @Override
    public boolean leavesPretrainedWeights() {
        return true;
    }

    /** With autoencoders, what they take for no task passes the untouched model. */
    @Override
    public boolean keepsUnseenImages() {
        return ddas.isPresent();
    }

    @Override
    public MethodState save() {
        var state = new StateWriter();
        images.save(state.piece(IMAGES));
        texts.save(state.piece(TEXTS));
        ddas.ifPresent(recognition -> recognition.save(state.piece(DDAS)));
        state.record().put(ROUTERS, images.routers());
        ArrayNode learned = state.record().putArray(EXPERIENCES);
        experiences.forEach(learned::add);
        return state.state();
    }

    @Override
    public void restore(MethodState saved) {
        var state = new StateReader(saved);
        int routers = state.record().required(ROUTERS).asInt();
        images.restore(state.piece(IMAGES), routers);
        texts.restore(state.piece(TEXTS), routers);
        ddas.ifPresent(recognition -> recognition.restore(state.piece(DDAS)));
        experiences.clear();
        state.record().required(EXPERIENCES).forEach(index -> experiences.add(index.asInt()));
        loss = Optional.empty();
    }

    @Override
    public long parameterCount() {
        return clip.parameters().count()
                + images.count()
                + texts.count()
                + ddas.map(Ddas::count).orElse(0L);
    }

    @Override
    public void close() {
        images.close();
        texts.close();
        ddas.ifPresent(Ddas::close);
        clip.close();
    }
}
