package dev.perennial.method.replay;

import dev.perennial.clip.Clip;
import dev.perennial.clip.image.RgbImage;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.Sample;
import dev.perennial.method.Batch;
import dev.perennial.method.MethodContext;
import dev.perennial.method.Ranges;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Learns again from a memory in every step: from what its samples are (experience replay, Chaudhry et al. 2019, arXiv 1902.10486) and from
 * what the model once answered (dark experience replay, Buzzega et al. 2020, arXiv 2004.07211).
 *
 * <p>A sample keeps the class names of its experience: it is classified among them, and its answer is the logits over them.
 */
public final class Replay implements Safeguard {
    private final Clip student;
    private final TaskLoss task;
    private final Settings settings;
    private final MethodContext context;
    private final Memory memory;
    private final RandomStream draws;
    private final RandomStream augmentation;
    /** Class prompts by experience; none where images have captions. */
    private final Map<Integer, List<String>> prompts = new TreeMap<>();

    private final Map<Integer, TokenBatch> tokens = new HashMap<>();

    /**
     * How much is replayed.
     *
     * @param weight of the loss on remembered samples, at least 0
     * @param darkWeight of the squared distance from remembered answers, at least 0
     * @param batchSize samples drawn for each of the two terms
     * @param capacity of the memory
     * @param policy which samples it keeps
     */
    record Settings(double weight, double darkWeight, int batchSize, int capacity, ReplayProvider.Policy policy) {
        Settings {
            Ranges.notNegative("weight", weight);
            Ranges.notNegative("dark-weight", darkWeight);
            Ranges.atLeast("batch-size", 1, batchSize);
            Ranges.atLeast("memory", 1, capacity);
        }

        boolean isNothing() {
            return weight == 0 && darkWeight == 0;
        }
    }

    Replay(Clip student, TaskLoss task, Settings settings, MethodContext context) {
        this.student = student;
        this.task = task;
        this.settings = settings;
        this.context = context;
        this.memory = new Memory(settings.policy(), settings.capacity(), context.random().stream("memory"));
        this.draws = context.random().stream("replay");
        this.augmentation = context.random().stream("replay augmentation");
    }

    /**
     * Creates experience replay from a reservoir, with the weight of what is learned.
     *
     * @param capacity of the memory
     * @param batchSize samples drawn in each step
     */
    public static Replay ofReservoir(Clip student, TaskLoss task, int capacity, int batchSize, MethodContext context) {
        return new Replay(
                student, task, new Settings(1, 0, batchSize, capacity, ReplayProvider.Policy.RESERVOIR), context);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        if (experience.supervision() instanceof Supervision.Arriving && settings.darkWeight() > 0) {
            throw new IllegalArgumentException(
                    "answers over the classes seen so far cannot be compared when more have come," + " as they do in '"
                            + experience.name() + "'; set dark-weight to 0");
        }
        know(experience, experience.supervision());
    }

    /** Keeps what is asked of an experience: as more classes come, remembered samples are told apart among more. */
    private void know(Experience experience, Supervision supervision) {
        List<String> texts = switch (supervision) {
            case Supervision.Labels labels -> TaskLoss.prompts(labels);
            case Supervision.Captions _, Supervision.Arriving _ -> List.of();
        };
        List<String> before = prompts.put(experience.index(), texts);
        if (!texts.equals(before)) {
            tokens.remove(experience.index());
        }
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        if (!(experience.supervision() instanceof Supervision.Arriving)) {
            begin(experience, start);
        }
    }

    /** {@code weight loss(x, y) + darkWeight mean (h(x') - z')^2}, with (x, y) and (x', z') drawn from the memory each for itself. */
    @Override
    public Optional<Tensor> term(Batch batch, Forward forward) {
        if (settings.isNothing()) {
            return Optional.empty();
        }
        know(batch.experience(), batch.supervision());
        List<Tensor> terms = new ArrayList<>();
        if (settings.weight() > 0 && !memory.isEmpty()) {
            terms.add(forward(drawn()).loss().mul(new Scalar(settings.weight())));
        }
        if (settings.darkWeight() > 0 && !memory.isEmpty()) {
            terms.add(dark(drawn()).mul(new Scalar(settings.darkWeight())));
        }
        offer(batch, forward);
        return terms.stream().reduce(Tensor::add);
    }

    private List<Remembered> drawn() {
        return memory.draw(settings.batchSize(), draws);
    }

    private Forward forward(List<Remembered> samples) {
        float[] pixels =
                new float[samples.size() * context.images().preprocessing().length()];
        int at = 0;
        for (Remembered sample : samples) {
            float[] image = context.images().augmentation().prepare(sample.square(), augmentation);
            System.arraycopy(image, 0, pixels, at, image.length);
            at += image.length;
        }
        int side = context.images().preprocessing().imageSize();
        Tensor batch = Tensors.of(pixels, samples.size(), 3, side, side);
        List<String> classes = prompts.getOrDefault(samples.getFirst().experience(), List.of());
        return classes.isEmpty()
                ? task.captioned(
                        batch, samples.stream().map(Remembered::caption).toList())
                : task.labelled(
                        batch,
                        samples.stream()
                                .mapToLong(sample -> sample.label().orElseThrow())
                                .toArray(),
                        tokens.computeIfAbsent(samples.getFirst().experience(), _ -> student.tokens(classes)));
    }

    /** {@code mean (h(x) - z)^2}, DER's equation 5. */
    private Tensor dark(List<Remembered> samples) {
        Tensor answers = responses(forward(samples));
        float[] stored = new float[Math.toIntExact(answers.numel())];
        int width = stored.length / samples.size();
        for (int i = 0; i < samples.size(); i++) {
            System.arraycopy(samples.get(i).response(), 0, stored, i * width, width);
        }
        return torch.mse_loss(answers, Tensors.of(stored, samples.size(), width));
    }

    /** Returns h: the logits of all classes, or the features of image and caption, one row for each image. */
    private Tensor responses(Forward forward) {
        return forward.captions().isEmpty()
                ? ContrastiveLoss.logits(
                        forward.images(), forward.texts(), student.parameters().get("logit_scale"))
                : Tensors.concat(1, forward.images(), forward.texts());
    }

    private void offer(Batch batch, Forward forward) {
        int experience = batch.experience().index();
        boolean captioned = !forward.captions().isEmpty();
        long[] labels = captioned ? new long[0] : batch.labels();
        float[][] answers = settings.darkWeight() > 0
                ? Tensors.toRows(TensorScope.computeWithoutGradient(() -> responses(forward)))
                : new float[batch.samples().size()][0];
        for (int i = 0; i < answers.length; i++) {
            OptionalInt label = captioned ? OptionalInt.empty() : OptionalInt.of((int) labels[i]);
            String caption = captioned ? forward.captions().get(i) : "";
            Sample sample = batch.samples().get(i);
            float[] answer = answers[i];
            // The answers of a step that diverges are no numbers.
            if (isFinite(answer)) {
                memory.offer(
                        Remembered.group(experience, label),
                        () -> new Remembered(experience, square(sample), label, caption, answer));
            }
        }
    }

    private RgbImage square(Sample sample) {
        return context.images().preprocessing().square(sample.image().decode());
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void save(StateWriter state) {
        ObjectNode classes = state.record().putObject("prompts");
        prompts.forEach((experience, texts) -> {
            ArrayNode list = classes.putArray(String.valueOf(experience));
            texts.forEach(list::add);
        });
        memory.save(state);
    }

    @Override
    public void restore(StateReader state) {
        tokens.clear();
        prompts.clear();
        state.record()
                .path("prompts")
                .forEachEntry((experience, texts) -> prompts.put(
                        Integer.valueOf(experience),
                        texts.valueStream().map(JsonNode::asString).toList()));
        memory.restore(state);
    }
}
