package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.image.Preprocessing;
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
import dev.perennial.run.TinyTraining;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A model that is judged at the end of a cooldown, and the next experience that goes on from before it. */
class CooldownBranchTest {
    private static final int STEPS = 6;
    private static final int COOLDOWN = 2;
    private static final String BRANCH = "before-cooldown";
    private static final String WEIGHT = "visual.proj";

    private static TrainingConfig config(String nextFrom) {
        return TinyTraining.of(
                "{learning-rate: 0.01, steps: %d, cooldown: %d, next-from: %s}".formatted(STEPS, COOLDOWN, nextFrom));
    }

    private static Experience experience(int index) {
        return new Experience(
                index,
                "colours",
                Pictures.ofColours("colours", 8, "red", "green"),
                new Supervision.Labels(List.of("red", "green"), PromptTemplates.of("{}")));
    }

    private static Trainer trainer(String nextFrom) {
        return new Trainer(
                config(nextFrom),
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
    private static List<float[]> course(String nextFrom) {
        List<float[]> course = new ArrayList<>();
        try (Clip clip = TinyClip.create(1);
                Method method = finetune(clip)) {
            trainer(nextFrom).learn(method, experience(0), (_, _) -> course.add(weight(clip)));
            assertThat(weight(clip)).as("what is judged").isEqualTo(course.getLast());
            method.begin(experience(1));
            course.add(weight(clip));
        }
        return course;
    }

    @Test
    void theNextExperienceBeginsWithTheWeightsBeforeTheCooldown() {
        List<float[]> branch = course(BRANCH);

        assertThat(branch.get(STEPS))
                .isEqualTo(branch.get(STEPS - COOLDOWN - 1))
                .isNotEqualTo(branch.get(STEPS - 1));
    }

    @Test
    void nothingElseDiffersFromACooldownAtTheEndOfEachExperience() {
        List<float[]> branch = course(BRANCH);
        List<float[]> plain = course("end");

        assertThat(branch.subList(0, STEPS)).usingRecursiveComparison().isEqualTo(plain.subList(0, STEPS));
        assertThat(plain.get(STEPS)).isEqualTo(plain.get(STEPS - 1));
    }

    @Test
    void aMethodThatCannotGoOnFromThereIsRefusedBeforeItLearns() {
        try (Clip clip = TinyClip.create(1);
                Method frozen = new FrozenProvider().create(clip, new FrozenProvider.Options(), TinyContext.of(3, 3))) {
            assertThatThrownBy(() -> trainer(BRANCH).learn(frozen, experience(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("leave out training.next-from");
        }
    }
}
