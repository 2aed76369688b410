package dev.perennial.method.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.image.RgbImage;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.method.Batch;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodState;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.TinyContext;
import dev.perennial.method.replay.ReplayProvider.Policy;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Starts;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private final MethodContext context = TinyContext.of(4, 1);
    private final Clip clip = TinyClip.create(4);
    private final TaskLoss task = new TaskLoss(clip, 0, new RandomStream(1));
    private final TensorScope scope = new TensorScope();

    @AfterEach
    void free() {
        scope.close();
        clip.close();
    }

    private Replay replay(double weight, double darkWeight, int capacity) {
        clip.parameters().train(_ -> true);
        var settings = new Replay.Settings(weight, darkWeight, 3, capacity, Policy.RESERVOIR);
        return new Replay(clip, task, settings, context);
    }

    private static Experience experience(int index, Supervision supervision, String... colours) {
        return new Experience(index, "colours", Pictures.ofColours("colours", 4, colours), supervision);
    }

    private static Experience labelled(int index, String... colours) {
        return experience(index, new Supervision.Labels(List.of(colours), PromptTemplates.of("a {} picture")), colours);
    }

    private Batch batch(Experience experience) {
        Dataset train = experience.train();
        float[] pixels = new float[4 * context.images().preprocessing().length()];
        for (int i = 0; i < 4; i++) {
            context.images().preprocessing().apply(train.sample(i).image().decode(), pixels, i * pixels.length / 4);
        }
        return new Batch(
                experience,
                IntStream.range(0, 4).mapToObj(train::sample).toList(),
                Tensors.of(pixels, 4, 3, TinyClip.IMAGE_SIZE, TinyClip.IMAGE_SIZE));
    }

    @Test
    void theAnswersThatAreKeptAreTheLogitsOfTheMoment() {
        Replay replay = replay(0, 1, 10);
        Experience experience = labelled(0, "red", "green", "blue");
        Batch batch = batch(experience);
        replay.begin(experience, Starts.of(clip));
        Forward forward = task.forward(batch);
        assertThat(replay.term(batch, forward)).as("nothing is remembered yet").isEmpty();
        MethodState state = state(replay);
        float[] logits = Tensors.toFloats(ContrastiveLoss.logits(
                forward.images(), forward.texts(), clip.parameters().get("logit_scale")));
        assertThat(new StateReader(state).tensor("responses").toFloats()).isEqualTo(logits);
        assertThat(new StateReader(state).tensor("labels").toLongs()).containsExactly(0, 1, 2, 0);

        Tensor dark = replay.term(batch, forward).orElseThrow();
        dark.backward();
        assertThat(dark.item_double()).as("the model has not changed").isCloseTo(0, within(1e-6));
    }

    @Test
    void captionsAnswerWithTheirFeatures() {
        Replay replay = replay(1, 1, 10);
        Experience experience = experience(0, new Supervision.Captions(List.of("en")), "red", "green");
        Batch batch = batch(experience);
        replay.begin(experience, Starts.of(clip));
        Forward forward = task.forward(batch);
        assertThat(replay.term(batch, forward)).isEmpty();
        MethodState state = state(replay);
        assertThat(new StateReader(state).tensor("responses").shape()).containsExactly(4 * 2 * 8);
        assertThat(state.record().required("captions").get(0).asString()).contains("red");
        assertThat(replay.term(batch, forward).orElseThrow().item_double()).isFinite();
    }

    @Test
    void aSampleOfAnEarlierExperienceIsClassifiedAmongItsOwnClasses() {
        Replay replay = replay(1, 0, 4);
        Experience first = labelled(0, "red", "green");
        replay.begin(first, Starts.of(clip));
        Batch batch = batch(first);
        assertThat(replay.term(batch, task.forward(batch))).isEmpty();

        Experience second = labelled(1, "blue", "white", "yellow");
        replay.begin(second, Starts.of(clip));
        Batch next = batch(second);
        double replayed = replay.term(next, task.forward(next)).orElseThrow().item_double();
        double[] own = IntStream.range(0, 4)
                .mapToDouble(left -> {
                    int[] three = IntStream.range(0, 4).filter(i -> i != left).toArray();
                    Batch drawn = batch(first);
                    Tensor pixels = drawn.pixels().index_select(0, Tensors.indices(three));
                    long[] labels = Arrays.stream(three)
                            .mapToLong(i -> drawn.labels()[i])
                            .toArray();
                    return task.labelled(pixels, labels, clip.tokens(List.of("a red picture", "a green picture")))
                            .loss()
                            .item_double();
                })
                .toArray();
        assertThat(Arrays.stream(own).anyMatch(loss -> Math.abs(loss - replayed) < 1e-5))
                .as("%s is the loss of three of the four: %s", replayed, Arrays.toString(own))
                .isTrue();
    }

    @Test
    void aMemoryComesBackAsItWas() {
        Memory memory = new Memory(Policy.CLASS_BALANCED, 3, new RandomStream(1));
        for (int i = 0; i < 9; i++) {
            int sample = i;
            memory.offer("0/" + i % 2, () -> remembered(sample));
        }
        var writer = new StateWriter();
        memory.save(writer.piece("memory"));
        Memory other = new Memory(Policy.CLASS_BALANCED, 3, new RandomStream(1));
        other.restore(new StateReader(writer.state()).piece("memory"));
        assertThat(other.samples())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(memory.samples());
        assertThat(other.draw(2, new RandomStream(5)))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(memory.draw(2, new RandomStream(5)));
    }

    private static Remembered remembered(int i) {
        byte[] rgb = new byte[12];
        Arrays.fill(rgb, (byte) (i + 100));
        return new Remembered(0, new RgbImage(2, 2, rgb), OptionalInt.of(i % 2), "", new float[] {i, -i});
    }

    private static MethodState state(Replay replay) {
        var state = new StateWriter();
        replay.save(state);
        return state.state();
    }
}
