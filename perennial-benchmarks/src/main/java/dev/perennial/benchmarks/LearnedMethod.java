package dev.perennial.benchmarks;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.method.Batch;
import dev.perennial.method.Candidates;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.baseline.FrozenProvider;
import dev.perennial.method.coleclip.CoLeClipProvider;
import dev.perennial.method.moe.DdasSettings;
import dev.perennial.method.moe.MoeAdaptersProvider;
import dev.perennial.method.rail.Form;
import dev.perennial.method.rail.RailProvider;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import dev.perennial.train.OptimizerStep;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** A method of its published settings after a few steps on two tasks of noise; its cost in use is that of a long training. */
final class LearnedMethod implements AutoCloseable {
    /** Images that are classified, or learned from, at once. */
    static final int BATCH = 32;

    private static final int POOL = 64;
    private static final int CLASSES = 20;
    /** The cost of a step is that of its images; class prompts are measured apart, by the speed benchmark. */
    private static final int CLASSES_OF_A_STEP = 2;

    private final Clip clip;
    private final Method method;
    private final ImageClassifier classifier;
    private Optional<Runnable> step = Optional.empty();

    /** Makes a method of a model. */
    private interface Maker {
        Method of(Clip clip, MethodContext context);
    }

    private LearnedMethod(Supplier<Clip> models, Maker maker) {
        clip = models.get();
        method = maker.of(clip, context(clip));
        for (int task = 0; task < 2; task++) {
            learn(experience(task, CLASSES));
        }
        var candidates = new Candidates(
                noise(CLASSES).classNames(), new PromptTemplates(noise(CLASSES).templates()));
        classifier = method.adapted().classifier(candidates, OptionalInt.empty());
    }

    static LearnedMethod frozen(Supplier<Clip> models) {
        return new LearnedMethod(
                models, (clip, context) -> new FrozenProvider().create(clip, new FrozenProvider.Options(), context));
    }

    static LearnedMethod moeAdapters(Supplier<Clip> models) {
        var ddas = new DdasSettings(
                new DdasSettings.Features(0.25, Optional.empty()),
                Optional.empty(),
                new DdasSettings.Autoencoders(100, POOL, 20, 20, 64, 1e-2, 1e-4),
                new DdasSettings.Threshold(DdasSettings.Rule.CALIBRATED, 1, 0),
                DdasSettings.Vote.SAMPLE);
        var options = new MoeAdaptersProvider.Options(22, 2, 64, 0.1, 0.1, 2, 0.2, ddas);
        return new LearnedMethod(models, (clip, context) -> new MoeAdaptersProvider().create(clip, options, context));
    }

    static LearnedMethod coLeClip(Supplier<Clip> models) {
        var options = new CoLeClipProvider.Options(1, 5, 0.1, 1, new CoLeClipProvider.Negatives(0.5, 0.7));
        return new LearnedMethod(models, (clip, context) -> new CoLeClipProvider().create(clip, options, context));
    }

    static LearnedMethod rail(Supplier<Clip> models) {
        var options = new RailProvider.Options(
                Form.PRIMAL, new RailProvider.Primal(4096, 0.1), new RailProvider.Dual(0.1, 0.001), 0.8);
        return new LearnedMethod(models, (clip, context) -> new RailProvider().create(clip, options, context));
    }

    private static MethodContext context(Clip clip) {
        var images = new MethodContext.Images(
                clip.preprocessing(),
                (image, _) -> clip.preprocessing().apply(image),
                BATCH,
                LoaderOptions.withSeed(0).withThreads(1),
                new BadSamples());
        return new MethodContext(
                new RandomStreams(1),
                () -> {
                    throw new IllegalStateException("no method here asks for the pretrained model");
                },
                new NoData(),
                images,
                Precision.FLOAT32,
                _ -> 1);
    }

    private Dataset noise(int classes) {
        return new NoiseImages(POOL, classes, side());
    }

    private Experience experience(int index, int classes) {
        Dataset train = noise(classes);
        return new Experience(
                index,
                "noise " + index,
                train,
                new Supervision.Labels(train.classNames(), new PromptTemplates(train.templates())));
    }

    private void learn(Experience experience) {
        switch (method.begin(experience)) {
            case LearningPlan.Nothing _ -> {}
            case LearningPlan.Examples _ ->
                throw new IllegalStateException("no method here learns from examples of its own making");
            case LearningPlan.Passes(var learner) -> {
                try (var _ = new TensorScope()) {
                    learner.accept(batch(experience));
                }
            }
            case LearningPlan.Gradients plan -> {
                var groups = plan.groups();
                try (var optimizer = new AdamW(groups, AdamWConfig.FINE_TUNING);
                        var _ = new TensorScope()) {
                    Batch batch = batch(experience);
                    new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.empty())
                            .take("a step", List.of(() -> method.loss(batch)), 1e-3);
                    method.stepped(0);
                    optimizer.clearGradients();
                }
            }
        }
        method.end();
    }

    /** Begins a further task, whose first step can be taken again and again; nothing can be classified from here on. */
    LearnedMethod beginAnotherTask() {
        Experience experience = experience(2, CLASSES_OF_A_STEP);
        var groups = ((LearningPlan.Gradients) method.begin(experience)).groups();
        var optimizer = new AdamW(groups, AdamWConfig.FINE_TUNING);
        var taking = new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.empty());
        Batch batch = batch(experience);
        batch.pixels().retainReference();
        step = Optional.of(() -> {
            taking.take("a step", List.of(() -> method.loss(batch)), 1e-7);
            method.stepped(0);
        });
        return this;
    }

    private Batch batch(Experience experience) {
        var order = BatchSampler.sequential(experience.train().size(), BATCH);
        try (Loader loader = context(clip).images().load(experience.train(), order, order.start())) {
            var loaded = loader.next();
            return new Batch(experience, loaded.samples(), FrozenFeatures.pixels(loaded));
        }
    }

    /** Returns prepared images such as the methods have learned, {@code [batch, 3, side, side]}. */
    Tensor learnedImages() {
        return batch(experience(0, CLASSES)).pixels();
    }

    /** Returns the side of the model's images. */
    int side() {
        return clip.preprocessing().imageSize();
    }

    void classify(Tensor pixels) {
        try (Tensor logits = classifier.logits(pixels)) {
            logits.data_ptr();
        }
    }

    /** Takes a step whose cost is that of its images: there are two short class names. */
    void stepOnImages() {
        step.orElseThrow().run();
    }

    double shareTakenForATask(Tensor pixels) {
        return method.adapted().recognized(pixels).orElseThrow().stream()
                .mapToInt(task -> task.isPresent() ? 1 : 0)
                .average()
                .orElse(0);
    }

    long parameterBytes() {
        return Float.BYTES * method.parameterCount();
    }

    @Override
    public void close() {
        classifier.close();
        method.close();
    }

    private record NoData() implements MethodContext.DataAccess {
        @Override
        public Dataset open(DatasetSpec spec) {
            throw new IllegalStateException("no method here asks for other data");
        }

        @Override
        public List<Experience> stream() {
            return List.of();
        }
    }
}
