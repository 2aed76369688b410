package dev.perennial.method;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Pictures;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.run.ConfiguredMethod;
import dev.perennial.run.RunConfig;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import dev.perennial.train.StepBoundary;
import dev.perennial.train.Trainer;
import dev.perennial.train.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** A method on a tiny model, with its preset scaled down to a few steps. */
final class MethodSession implements AutoCloseable {
    /** What a preset sets for a full-size model and long tasks. */
    private static final List<String> SCALED_DOWN = List.of(
            "training.steps=" + TinyContext.STEPS, "training.warm-up=1", "training.batch-size=4", "training.threads=1");

    private static final Map<String, List<String>> OPTIONS_SCALED_DOWN = Map.of(
            "rail", List.of("options.primal.hidden=24"),
            "moe-adapters", List.of("options.ddas.autoencoders.steps=5"));

    private static final String CONFIG = """
            model: none
            stream: {name: none, tasks: [{name: none, data: {path: none}}]}
            """;
    /** What a method sees that asks for the whole stream. */
    private static final List<Experience> STREAM =
            List.of(experience(0, 6, "red", "green"), experience(1, 6, "blue", "white"));

    final Clip clip;
    final Method method;
    final RandomStreams random;
    private final Trainer trainer;

    private MethodSession(RunConfig config, Clip clip, RandomStreams random) {
        this.clip = clip;
        this.random = random;
        this.method = ConfiguredMethod.create(config, clip, TinyContext.of(5, random, STREAM));
        this.trainer = new Trainer(config.training(), clip.preprocessing(), random, new BadSamples(), _ -> {});
    }

    /** Creates the method anew; equal seeds give equal sessions. */
    static MethodSession of(MethodProvider<?> provider, long seed, String... settings) {
        return new MethodSession(config(provider, settings), TinyClip.create(5), new RandomStreams(seed));
    }

    /** Returns a new session that goes on where this one is, as after a restart. */
    MethodSession resumed(MethodProvider<?> provider) {
        RandomStreams streams = new RandomStreams(-1);
        MethodSession session = new MethodSession(config(provider), TinyClip.create(5), streams);
        session.method.restore(method.save());
        // As a run does: last, since making a method may draw.
        streams.restore(random.state());
        return session;
    }

    /** Learns an experience and gives what was saved in every pause. */
    List<Pause> learnInPauses(Experience experience) {
        List<Pause> pauses = new ArrayList<>();
        trainer.learn(
                method, experience, (_, state) -> pauses.add(Pause.of(method.save(), random.state(), state.get())));
        return pauses;
    }

    /** Goes on after a pause of another session in the middle of this experience. */
    void goOn(Pause pause, Experience experience) {
        method.restore(pause.method());
        random.restore(pause.random());
        trainer.resume(method, experience, pause.training(), StepBoundary.NONE);
    }

    /** What a checkpoint holds, copied. */
    record Pause(MethodState method, Map<String, Long> random, TrainingState training) {
        static Pause of(MethodState method, Map<String, Long> random, TrainingState training) {
            return new Pause(
                    new MethodState(copies(method.tensors()), method.record().deepCopy()),
                    Map.copyOf(random),
                    new TrainingState(training.progress(), training.updates(), copies(training.moments())));
        }

        private static Map<String, StoredTensor> copies(Map<String, StoredTensor> views) {
            Map<String, StoredTensor> copies = new TreeMap<>();
            views.forEach((name, view) -> copies.put(
                    name,
                    new StoredTensor(
                            name,
                            view.type(),
                            view.shape(),
                            MemorySegment.ofArray(view.data().toArray(ValueLayout.JAVA_BYTE)))));
            return copies;
        }
    }

    /** Learns pictures of these colours as the experience of this index. */
    Trainer.Outcome learn(int index, int samples, String... colours) {
        return learn(experience(index, samples, colours));
    }

    /** Learns and asks for scores after every step. */
    void learnAndAsk(Experience experience) {
        trainer.learn(method, experience, (_, _) -> logits());
    }

    Trainer.Outcome learn(Experience experience) {
        return trainer.learn(method, experience);
    }

    static Experience experience(int index, int samples, String... colours) {
        return new Experience(
                index,
                "experience " + index,
                Pictures.ofColours("set " + index, samples, colours),
                new Supervision.Labels(List.of(colours), PromptTemplates.of("a {} picture", "the colour {}")));
    }

    /** Returns the same pictures with their captions instead of their classes. */
    static Experience captioned(int index, int samples, String... colours) {
        return new Experience(
                index,
                "captioned " + index,
                Pictures.ofColours("set " + index, samples, colours),
                new Supervision.Captions(List.of("en")));
    }

    /** Returns the scores of pictures of two colours among the colours, where the task is known and where it is not. */
    List<float[]> logits() {
        return List.of(logits(OptionalInt.of(0)), logits(OptionalInt.empty()));
    }

    private float[] logits(OptionalInt task) {
        Candidates candidates = new Candidates(List.of("red", "green"), PromptTemplates.of("a {} picture"));
        try (var _ = new TensorScope();
                ImageClassifier classifier = method.adapted().classifier(candidates, task)) {
            return Tensors.toFloats(classifier.logits(Tensors.of(pixels(3), 3, 3, 16, 16)));
        }
    }

    static float[] pixels(int images) {
        float[] pixels = new float[images * 3 * TinyClip.IMAGE_SIZE * TinyClip.IMAGE_SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(0.37 * i);
        }
        return pixels;
    }

    /** Returns the model's own weights. */
    Map<String, float[]> weights() {
        Map<String, float[]> weights = new TreeMap<>();
        clip.parameters().asMap().forEach((name, tensor) -> weights.put(name, Tensors.toFloats(tensor)));
        return weights;
    }

    /** Returns the weights that the pretrained model came with. */
    Map<String, float[]> pretrainedWeights() {
        Map<String, float[]> weights = weights();
        weights.keySet().removeIf(name -> name.startsWith(ModuleOptions.PREFIX));
        return weights;
    }

    /** Returns what the method would save. */
    Map<String, float[]> learned() {
        Map<String, float[]> learned = new TreeMap<>();
        MethodState state = method.save();
        state.tensors().forEach((name, tensor) -> learned.put(name, numbers(tensor)));
        return learned;
    }

    private static float[] numbers(StoredTensor tensor) {
        if (tensor.type().isFloating()) {
            return tensor.toFloats();
        }
        long[] whole = tensor.toLongs();
        float[] numbers = new float[whole.length];
        for (int i = 0; i < whole.length; i++) {
            numbers[i] = whole[i];
        }
        return numbers;
    }

    @Override
    public void close() {
        method.close();
    }

    private static RunConfig config(MethodProvider<?> provider, String... settings) {
        List<String> all = new ArrayList<>(SCALED_DOWN);
        all.addAll(OPTIONS_SCALED_DOWN.getOrDefault(provider.name(), List.of()));
        all.addAll(List.of(settings));
        try {
            Path file = Files.createTempFile("method", ".yaml");
            Files.writeString(file, "method: " + provider.name() + "\n" + CONFIG);
            RunConfig config = RunConfig.read(file, all).config();
            Files.delete(file);
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
