package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Pictures;
import dev.perennial.method.Method;
import dev.perennial.method.Part;
import dev.perennial.method.TinyContext;
import dev.perennial.method.baseline.FineTuneProvider;
import dev.perennial.method.baseline.FrozenProvider;
import dev.perennial.method.tune.TuningOptions;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A model that is judged at the end of a cooldown, and the next experience that goes on from before it. */
class CooldownBranchTest {
    private static final int STEPS = 6;
    private static final int COOLDOWN = 2;
    private static final String WEIGHT = "visual.proj";

    private static TrainingConfig config(TrainingConfig.NextFrom from) {
        return new TrainingConfig(
                1e-2,
                Optional.of(STEPS),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of(COOLDOWN),
                Optional.of(from),
                4,
                1,
                0,
                0.9,
                0.999,
                1e-8,
                Optional.empty(),
                Precision.FLOAT32,
                new AugmentationConfig(Optional.empty(), 0, 0, 0, 0),
                1,
                0,
                OnDivergence.STOP,
                1);
    }

    private static Experience experience(int index) {
        return new Experience(
                index,
                "colours",
                Pictures.ofColours("colours", 8, "red", "green"),
                new Supervision.Labels(List.of("red", "green"), PromptTemplates.of("{}")));
    }

    private static Trainer trainer(TrainingConfig.NextFrom from) {
        return new Trainer(
                config(from),
                Preprocessing.openai(TinyClip.IMAGE_SIZE),
                new RandomStreams(2),
                new BadSamples(),
                _ -> {});
    }

    private static Method finetune(Clip clip) {
        return new FineTuneProvider()
                .create(clip, new TuningOptions(Set.of(Part.IMAGE_PROJECTION), 0), TinyContext.of(3, 3));
    }

    private static float[] weight(Clip clip) {
        return Tensors.toFloats(clip.parameters().get(WEIGHT));
    }

    /** Returns the weights after each step of an experience and, last, those with which the next one begins. */
    private static List<float[]> course(TrainingConfig.NextFrom from) {
        List<float[]> course = new ArrayList<>();
        try (Clip clip = TinyClip.create(1);
                Method method = finetune(clip)) {
            trainer(from).learn(method, experience(0), (_, _) -> course.add(weight(clip)));
            assertThat(weight(clip)).as("what is judged").isEqualTo(course.getLast());
            method.begin(experience(1));
            course.add(weight(clip));
        }
        return course;
    }

    @Test
    void theNextExperienceBeginsWithTheWeightsBeforeTheCooldown() {
        List<float[]> branch = course(TrainingConfig.NextFrom.BEFORE_COOLDOWN);

        assertThat(branch.get(STEPS))
                .isEqualTo(branch.get(STEPS - COOLDOWN - 1))
                .isNotEqualTo(branch.get(STEPS - 1));
    }

    @Test
    void nothingElseDiffersFromACooldownAtTheEndOfEachExperience() {
        List<float[]> branch = course(TrainingConfig.NextFrom.BEFORE_COOLDOWN);
        List<float[]> plain = course(TrainingConfig.NextFrom.END);

        assertThat(branch.subList(0, STEPS)).usingRecursiveComparison().isEqualTo(plain.subList(0, STEPS));
        assertThat(plain.get(STEPS)).isEqualTo(plain.get(STEPS - 1));
    }

    @Test
    void aMethodThatCannotGoOnFromThereIsRefusedBeforeItLearns() {
        try (Clip clip = TinyClip.create(1);
                Method frozen = new FrozenProvider().create(clip, new FrozenProvider.Options(), TinyContext.of(3, 3))) {
            assertThatThrownBy(() ->
                            trainer(TrainingConfig.NextFrom.BEFORE_COOLDOWN).learn(frozen, experience(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("leave out training.next-from");
        }
    }
}
