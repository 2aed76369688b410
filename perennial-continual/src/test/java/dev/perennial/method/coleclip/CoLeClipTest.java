package dev.perennial.method.coleclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.ClassEmbeddings;
import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.data.Sample;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodState;
import dev.perennial.method.PlainClip;
import dev.perennial.method.TinyContext;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import dev.perennial.train.OptimizerStep;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class CoLeClipTest {
    private static final PromptTemplates TEMPLATES = PromptTemplates.of("a {} picture", "{}");
    private static final List<String> NAMES = List.of("red", "green", "blue", "white");
    private static final OptionalInt UNKNOWN = OptionalInt.empty();

    @Test
    void picturesAreRecognisedAmongTheColoursOfTheirTask() {
        try (Method method = create(2)) {
            learn(method, 0, 60, "red", "green");
            learn(method, 1, 60, "blue", "white");
            for (int task = 0; task < 2; task++) {
                float[][] scores =
                        scores(method.adapted(), NAMES.subList(2 * task, 2 * task + 2), OptionalInt.of(task));
                assertThat(best(scores[2 * task])).isZero();
                assertThat(best(scores[2 * task + 1])).isEqualTo(1);
            }
        }
    }

    @Test
    void embeddingsStayThoseOfThePretrainedModelBitForBit() {
        try (Clip clip = TinyClip.create(5);
                Method method = create(1);
                var _ = new TensorScope()) {
            learn(method, 0, 3, "red", "green");
            assertThat(method.keepsUnseenImages()).isTrue();
            assertThat(Tensors.toFloats(method.adapted().embedImages(pixels())))
                    .isEqualTo(Tensors.toFloats(new PlainClip(clip).embedImages(pixels())));
            assertThat(Tensors.toFloats(method.adapted().embedTexts(NAMES)))
                    .isEqualTo(Tensors.toFloats(new PlainClip(clip).embedTexts(NAMES)));
        }
    }

    @Test
    void classesThatWereNotLearnedAreScoredAsByThePretrainedModel() {
        try (Clip clip = TinyClip.create(5);
                Method method = create(1)) {
            float[][] plain = scores(new PlainClip(clip), NAMES, UNKNOWN);
            assertThat(scores(method.adapted(), NAMES, UNKNOWN)).isDeepEqualTo(plain);
            learn(method, 0, 3, "red", "green");
            float[][] scores = scores(method.adapted(), NAMES, UNKNOWN);
            for (int i = 0; i < plain.length; i++) {
                assertThat(scores[i][2]).isCloseTo(plain[i][2], within(1e-4f));
                assertThat(scores[i][3]).isCloseTo(plain[i][3], within(1e-4f));
                assertThat(scores[i][0]).isNotCloseTo(plain[i][0], within(1e-4f));
            }
        }
    }

    @Test
    void aTaskThatComesLaterChangesNoScoreOfTheEarlier() {
        try (Method method = create(2)) {
            learn(method, 0, 5, "red", "green");
            float[][] before = scores(method.adapted(), List.of("red", "green"), UNKNOWN);
            learn(method, 1, 5, "blue", "white");
            float[][] after = scores(method.adapted(), List.of("red", "green"), UNKNOWN);
            for (int i = 0; i < before.length; i++) {
                assertThat(after[i]).containsExactly(before[i], within(1e-4f));
            }
        }
    }

    @Test
    void scoresAmongAllClassesAndAmongThoseOfAKnownTaskAgree() {
        try (Method method = create(1)) {
            learn(method, 0, 5, "red", "green");
            learn(method, 1, 5, "blue", "red");
            float[][] all = scores(method.adapted(), List.of("red", "green", "blue"), UNKNOWN);
            float[][] own = scores(method.adapted(), List.of("blue", "red"), OptionalInt.of(1));
            for (int i = 0; i < all.length; i++) {
                assertThat(own[i]).containsExactly(new float[] {all[i][2], all[i][0]}, within(1e-4f));
            }
        }
    }

    @Test
    void gradientsReachThePromptOfTheTaskAndTheLowRankUpdatesAndNothingElse() {
        Clip clip = TinyClip.create(5);
        try (Method method = create(clip, 1)) {
            learn(method, 0, 3, "red", "green");
            float[] first = method.save().tensors().values().stream()
                    .filter(tensor -> tensor.name().equals("prompts.0"))
                    .findFirst()
                    .orElseThrow()
                    .toFloats();
            Experience second = experience(1, "blue", "white");
            LearningPlan.Gradients plan = (LearningPlan.Gradients) method.begin(second);
            try (var _ = new TensorScope()) {
                method.loss(batch(second)).backward();
                clip.parameters()
                        .asMap()
                        .forEach((name, weight) ->
                                assertThat(weight.grad().defined()).as(name).isFalse());
                plan.groups()
                        .forEach(group -> group.parameters()
                                .forEach((name, weight) -> assertThat(
                                                weight.grad().defined())
                                        .as(name)
                                        .isTrue()));
            }
            assertThat(plan.groups())
                    .extracting(group -> group.count())
                    .containsExactly(16L, 2L * 2 * (2 * 5 * 16 + 1));
            learn(method, second, 5);
            assertThat(method.save().tensors())
                    .hasEntrySatisfying(
                            "prompts.0", prompt -> assertThat(prompt.toFloats()).isEqualTo(first));
        }
    }

    @Test
    void betweenTasksOnlyPromptsAndVocabularyAreSaved() {
        try (Method method = create(1)) {
            learn(method, 0, 3, "red", "green");
            method.begin(experience(1, "blue", "red"));
            assertThat(method.save().tensors()).containsKeys("task.start", "task.lora.0.key.A");
            method.end();
            MethodState state = method.save();
            assertThat(state.tensors()).containsOnlyKeys("prompts.0", "prompts.1", "vocabulary.embeddings");
            assertThat(state.tensors())
                    .hasEntrySatisfying(
                            "vocabulary.embeddings",
                            rows -> assertThat(rows.shape()).containsExactly(3, 8));
        }
    }

    @Test
    void anEmbeddingStartsAtItsZeroShotOneAndMovesOnlyWithStepsThatAreTaken() {
        try (Clip clip = TinyClip.create(5);
                Method method = create(1);
                var _ = new TensorScope()) {
            Experience experience = experience(0, "red", "green");
            method.begin(experience);
            float[] start = vocabulary(method);
            assertThat(start)
                    .isEqualTo(Tensors.toFloats(
                            ClassEmbeddings.of(new PlainClip(clip)::embedTexts, List.of("red", "green"), TEMPLATES)));
            method.loss(batch(experience));
            assertThat(vocabulary(method)).isEqualTo(start);
            method.stepped(0);
            float[] moved = vocabulary(method);
            assertThat(moved).isNotEqualTo(start);
            for (int row = 0; row < 2; row++) {
                double square = 0;
                for (int i = 0; i < 8; i++) {
                    square += moved[8 * row + i] * moved[8 * row + i];
                }
                assertThat(square).isCloseTo(1, within(1e-5));
            }
        }
    }

    @Test
    void captionsAndOptionsOutOfRangeAreRefused() {
        try (Method method = create(1)) {
            var captioned = new Experience(
                    0, "captioned", Pictures.ofColours("c", 2, "red"), new Supervision.Captions(List.of("en")));
            assertThatThrownBy(() -> method.begin(captioned))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("captioned");
        }
        assertThatThrownBy(() -> create(0)).hasMessageContaining("prompts");
        assertThatThrownBy(() -> new CoLeClipProvider.Negatives(2, 0)).hasMessageContaining("negatives.after");
        assertThatThrownBy(() -> new CoLeClipProvider.Negatives(0, -1)).hasMessageContaining("negatives.quantile");
    }

    private static Method create(int prompts) {
        return create(TinyClip.create(5), prompts);
    }

    private static Method create(Clip clip, int prompts) {
        var options = new CoLeClipProvider.Options(prompts, 5, 0.1, 1, new CoLeClipProvider.Negatives(0.5, 0.7));
        return new CoLeClipProvider().create(clip, options, TinyContext.of(5, 1));
    }

    private static Experience experience(int index, String... colours) {
        Dataset data = Pictures.ofColours("set " + index, 4 * colours.length, colours);
        return new Experience(index, "task " + index, data, new Supervision.Labels(List.of(colours), TEMPLATES));
    }

    private static void learn(Method method, int index, int steps, String... colours) {
        Experience experience = experience(index, colours);
        method.begin(experience);
        learn(method, experience, steps);
    }

    private static void learn(Method method, Experience experience, int steps) {
        var plan = (LearningPlan.Gradients) method.resume(experience);
        try (var optimizer = new AdamW(plan.groups(), new AdamWConfig(0.9, 0.999, 1e-8, 0))) {
            var step = new OptimizerStep(plan.groups(), optimizer, Precision.FLOAT32, Optional.empty());
            for (int s = 0; s < steps; s++) {
                step.take("step " + s, List.of(() -> method.loss(batch(experience))), 1e-2);
                method.stepped(s);
            }
            optimizer.clearGradients();
        }
        method.end();
    }

    private static Batch batch(Experience experience) {
        List<Sample> samples = IntStream.range(0, experience.train().size())
                .mapToObj(experience.train()::sample)
                .toList();
        return new Batch(experience, samples, pixels(samples));
    }

    /** One picture of each name that no experience has. */
    private static Tensor pixels() {
        Dataset data = Pictures.ofColours("test", 60, NAMES.toArray(String[]::new));
        return pixels(IntStream.range(56, 60).mapToObj(data::sample).toList());
    }

    private static Tensor pixels(List<Sample> samples) {
        var preprocessing = TinyContext.of(5, 1).images().preprocessing();
        int size = TinyClip.IMAGE_SIZE;
        float[] pixels = new float[samples.size() * 3 * size * size];
        for (int i = 0; i < samples.size(); i++) {
            preprocessing.apply(samples.get(i).image().decode(), pixels, i * 3 * size * size);
        }
        return Tensors.of(pixels, samples.size(), 3, size, size);
    }

    private static float[] vocabulary(Method method) {
        return method.save().tensors().entrySet().stream()
                .filter(entry -> entry.getKey().equals("vocabulary.embeddings"))
                .map(entry -> entry.getValue().toFloats())
                .findFirst()
                .orElseThrow();
    }

    private static float[][] scores(AdaptedClip clip, List<String> names, OptionalInt task) {
        try (var _ = new TensorScope();
                ImageClassifier classifier = clip.classifier(new Candidates(names, TEMPLATES), task)) {
            return Tensors.toRows(classifier.logits(pixels()));
        }
    }

    private static int best(float[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .max((a, b) -> Float.compare(scores[a], scores[b]))
                .orElseThrow();
    }
}
