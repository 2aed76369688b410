package dev.perennial.method.rail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Pictures;
import dev.perennial.data.Sample;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.PlainClip;
import dev.perennial.method.TinyContext;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RailTest {
    private static final List<String> NAMES = List.of("red", "green", "blue", "white");
    private static final Candidates CANDIDATES = new Candidates(NAMES, PromptTemplates.of("a {} picture"));

    @ParameterizedTest
    @EnumSource(Form.class)
    void picturesOfLearnedColoursAreRecognised(Form form) {
        try (Method method = rail(form, 1)) {
            learn(method, 0, "red", "green");
            learn(method, 1, "blue", "white");
            for (OptionalInt task : List.of(OptionalInt.of(1), OptionalInt.empty())) {
                float[][] scores = scores(method.adapted(), task);
                for (int i = 0; i < NAMES.size(); i++) {
                    assertThat(best(scores[i])).isEqualTo(i);
                }
            }
        }
    }

    @Test
    void embeddingsStayThoseOfThePretrainedModel() {
        try (Clip clip = TinyClip.create(5);
                Method method = rail(Form.PRIMAL, 0.8);
                var _ = new TensorScope()) {
            learn(method, 0, "red", "green");
            assertThat(method.keepsUnseenImages()).isTrue();
            assertThat(Tensors.toFloats(method.adapted().embedImages(pixels())))
                    .isEqualTo(Tensors.toFloats(new PlainClip(clip).embedImages(pixels())));
            assertThat(Tensors.toFloats(method.adapted().embedTexts(NAMES)))
                    .isEqualTo(Tensors.toFloats(new PlainClip(clip).embedTexts(NAMES)));
        }
    }

    @Test
    void whatWasNotLearnedHasTheVeryScoresOfThePretrainedModel() {
        try (Clip clip = TinyClip.create(5);
                Method method = rail(Form.PRIMAL, 0.8)) {
            float[][] plain = scores(new PlainClip(clip), OptionalInt.empty());
            assertThat(scores(method.adapted(), OptionalInt.empty())).isDeepEqualTo(plain);
            learn(method, 0, "no such colour", "nor such");
            assertThat(scores(method.adapted(), OptionalInt.empty())).isDeepEqualTo(plain);
            learn(method, 1, NAMES.getFirst(), NAMES.get(1));
            assertThat(scores(method.adapted(), OptionalInt.of(7)))
                    .as("the task is known and was not learned")
                    .isDeepEqualTo(plain);
            float[][] fused = scores(method.adapted(), OptionalInt.empty());
            for (int i = 0; i < plain.length; i++) {
                if (best(plain[i]) > 1) {
                    assertThat(fused[i]).isEqualTo(plain[i]);
                } else {
                    assertThat(fused[i]).isNotEqualTo(plain[i]);
                }
            }
        }
    }

    @Test
    void withoutAShareOfTheRegressionTheOrderOfClassesIsThatOfThePretrainedModel() {
        try (Clip clip = TinyClip.create(5);
                Method method = rail(Form.DUAL, 0)) {
            learn(method, 0, "red", "green", "blue", "white");
            float[][] plain = scores(new PlainClip(clip), OptionalInt.empty());
            float[][] fused = scores(method.adapted(), OptionalInt.empty());
            for (int i = 0; i < plain.length; i++) {
                assertThat(order(fused[i])).isEqualTo(order(plain[i]));
            }
        }
    }

    @Test
    void captionsAndOptionsOutOfRangeAreRefused() {
        try (Method method = rail(Form.PRIMAL, 0.8)) {
            var captioned = new Experience(
                    0, "captioned", Pictures.ofColours("c", 2, "red"), new Supervision.Captions(List.of("en")));
            assertThatThrownBy(() -> method.begin(captioned))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("captioned");
        }
        assertThatThrownBy(() -> new RailProvider.Primal(0, 1)).hasMessageContaining("primal.hidden");
        assertThatThrownBy(() -> new RailProvider.Primal(1, 0)).hasMessageContaining("primal.ridge");
        assertThatThrownBy(() -> new RailProvider.Dual(-1, 1)).hasMessageContaining("dual.gamma");
        assertThatThrownBy(() -> rail(Form.DUAL, 1.5)).hasMessageContaining("fusion");
    }

    private static Method rail(Form form, double fusion) {
        var options = new RailProvider.Options(
                form, new RailProvider.Primal(40, 0.01), new RailProvider.Dual(1, 0.001), fusion);
        return new RailProvider().create(TinyClip.create(5), options, TinyContext.of(5, 1));
    }

    private static void learn(Method method, int index, String... colours) {
        var data = Pictures.ofColours("set " + index, 3 * colours.length, colours);
        var experience = new Experience(
                index,
                data.info().title(),
                data,
                new Supervision.Labels(
                        List.of(colours), CANDIDATES.templatesByClass().getFirst()));
        if (!(method.begin(experience) instanceof LearningPlan.Passes(var learner))) {
            throw new AssertionError("rail learns in passes");
        }
        try (var _ = new TensorScope()) {
            List<Sample> samples =
                    IntStream.range(0, data.size()).mapToObj(data::sample).toList();
            learner.accept(new Batch(experience, samples, pixels(samples)));
        }
        method.end();
    }

    /** One picture of each candidate that no experience has. */
    private static Tensor pixels() {
        var data = Pictures.ofColours("test", 60, NAMES.toArray(String[]::new));
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

    private static float[][] scores(AdaptedClip clip, OptionalInt task) {
        try (var _ = new TensorScope();
                ImageClassifier classifier = clip.classifier(CANDIDATES, task)) {
            return Tensors.toRows(classifier.logits(pixels()));
        }
    }

    private static int best(float[] scores) {
        return order(scores).getFirst();
    }

    private static List<Integer> order(float[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                .toList();
    }
}
