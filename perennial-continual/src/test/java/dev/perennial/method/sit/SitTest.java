package dev.perennial.method.sit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.data.Sample;
import dev.perennial.method.Batch;
import dev.perennial.method.Method;
import dev.perennial.method.MethodState;
import dev.perennial.method.TinyContext;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Matching;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.run.Yaml;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SitTest {
    private static final List<String> COLOURS = List.of("red", "green", "blue", "yellow");
    private static final PromptTemplates TEMPLATES = PromptTemplates.of("a {} picture");

    private final Clip clip = TinyClip.create(4);
    private final Dataset pictures = Pictures.ofColours("pictures", 12, COLOURS.toArray(String[]::new));
    private final Experience told = new Experience(0, "online", pictures, new Supervision.Arriving(TEMPLATES));

    @AfterEach
    void close() {
        clip.close();
    }

    @Test
    void classesThatAreNotInTheBatchHaveNoPartInTheLoss() {
        try (var _ = new TensorScope()) {
            Forward few = forward(Matching.Scope.BATCH, 3, 0, 2, 4, 6);
            Forward many = forward(Matching.Scope.BATCH, 4, 0, 2, 4, 6);
            assertThat(few.texts().size(0)).as("red and blue").isEqualTo(2);
            assertThat(few.matches()).containsExactly(0, 1, 0, 1);
            assertThat(many.loss().item_double()).isEqualTo(few.loss().item_double());
            assertThat(forward(Matching.Scope.SEEN, 3, 0, 2, 4, 6).loss().item_double())
                    .as("asymmetric")
                    .isNotEqualTo(
                            forward(Matching.Scope.SEEN, 4, 0, 2, 4, 6).loss().item_double());
        }
    }

    @Test
    void whereTheBatchHasAllClassesSeenBothAreTheSame() {
        try (var _ = new TensorScope()) {
            assertThat(forward(Matching.Scope.BATCH, 4, 3, 1, 0, 2).loss().item_double())
                    .isCloseTo(
                            forward(Matching.Scope.SEEN, 4, 3, 1, 0, 2).loss().item_double(), within(1e-5));
        }
    }

    @Test
    void twoSoftmaxesHaveALossThatCannotFallBelowItsFloor() {
        try (var _ = new TensorScope()) {
            Tensor sure = Tensors.of(new float[] {1000, 0, 0, 0, 1000, 0}, 2, 3);
            assertThat(loss(sure, true)).isCloseTo(Math.log(1 + 2 / Math.E), within(1e-5));
            assertThat(loss(sure, false)).isCloseTo(0, within(1e-5));
        }
    }

    private static double loss(Tensor logits, boolean doubleSoftmax) {
        return TaskLoss.crossEntropy(doubleSoftmax ? logits.softmax(1) : logits, new long[] {0, 1}, 0)
                .item_double();
    }

    @Test
    void theQuirksOfTheRepositoryAreInItsOwnPresetAlone() {
        SitOptions own = options("sit");
        assertThat(own.doubleSoftmax()).isFalse();
        assertThat(own.memoryMatchesAll()).isFalse();
        assertThat(own.modules().orElseThrow().lora().orElseThrow().start()).isEmpty();
        SitOptions repository = options("sit-repository");
        assertThat(repository.doubleSoftmax()).isTrue();
        assertThat(repository.memoryMatchesAll()).isTrue();
        assertThat(repository.modules().orElseThrow().lora().orElseThrow().start())
                .isPresent();
    }

    @Test
    void aMemoryEndsSymmetryInTheRepositoryAlone() {
        assertThat(withMemory("sit").matchingInUse().scope()).isEqualTo(Matching.Scope.BATCH);
        assertThat(options("sit-repository").matchingInUse().scope()).isEqualTo(Matching.Scope.BATCH);
        assertThat(withMemory("sit-repository").matchingInUse().scope()).isEqualTo(Matching.Scope.SEEN);
    }

    @Test
    void whatIsSavedIsTheModulesAlone() {
        try (Method method = options("sit").method(TinyClip.create(4), TinyContext.of(4, 1))) {
            method.begin(told);
            MethodState state = method.save();
            assertThat(state.tensors().keySet()).isNotEmpty().allMatch(name -> name.startsWith("modules."));
            long saved = state.tensors().values().stream()
                    .mapToLong(tensor -> tensor.data().byteSize())
                    .sum();
            assertThat(saved).as("bytes").isLessThan(method.parameterCount());
        }
    }

    @Test
    void aMemoryIsToldApartAmongAllClassesSeenAsMoreCome() {
        try (Method method = withMemory("sit").method(TinyClip.create(4), TinyContext.of(4, 1));
                var _ = new TensorScope()) {
            method.begin(told);
            method.loss(batch(2, 0, 1));
            assertThat(method.loss(batch(4, 2, 3)).item_double()).isFinite();
            assertThat(method.save().record().path("memory").path("prompts").path("0"))
                    .hasSize(4);
        }
    }

    private static SitOptions options(String preset) {
        return Yaml.bind(preset, tree(preset), SitOptions.class);
    }

    private static SitOptions withMemory(String preset) {
        return Yaml.bind(preset, tree(preset).put("memory", 4), SitOptions.class);
    }

    private static ObjectNode tree(String preset) {
        return Yaml.resource("/dev/perennial/method/presets/" + preset + ".yaml")
                .withObject("options");
    }

    private Forward forward(Matching.Scope scope, int seen, int... positions) {
        return new TaskLoss(clip, new Matching(scope, 0, false), new RandomStream(1)).forward(batch(seen, positions));
    }

    /** A batch of the pictures at these positions, when so many classes have been seen. */
    private Batch batch(int seen, int... positions) {
        List<Sample> samples =
                Arrays.stream(positions).mapToObj(pictures::sample).toList();
        int size = TinyClip.IMAGE_SIZE;
        float[] pixels = new float[positions.length * 3 * size * size];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.cos(0.11 * i);
        }
        return new Batch(
                told,
                samples,
                Tensors.of(pixels, positions.length, 3, size, size),
                new Supervision.Labels(COLOURS.subList(0, seen), TEMPLATES));
    }
}
