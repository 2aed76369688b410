package dev.perennial.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.PlainClip;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final String[] COLOURS = {"red", "green", "blue"};
    private final BadSamples badSamples = new BadSamples();

    @Test
    void topOneAndRecallAreThoseOfThePredictions() {
        // Everything is called green: of nine pictures, three of each colour, three are right.
        AlwaysSecond clip = new AlwaysSecond();
        Evaluator.SetResult result = evaluator(2, 4).evaluate(clip, labelled(9, OptionalInt.of(3)));
        assertThat(result.score()).isCloseTo(100 / 3.0, within(1e-9));
        assertThat(result.further()).containsKeys("top-5", "mean per-class recall");
        assertThat(result.further().get("top-5")).isEqualTo(100);
        assertThat(result.shown())
                .hasSize(4)
                .allMatch(shown -> shown.predictedClass().equals("green"));
        assertThat(result.shown())
                .extracting(Evaluator.ShownPrediction::trueClass)
                .startsWith("red", "green", "blue");
        assertThat(clip.tasks).containsExactly(OptionalInt.of(3));
        assertThat(clip.closed).isEqualTo(1);
    }

    @Test
    void theScoreDoesNotDependOnTheBatchSize() {
        try (Clip clip = TinyClip.create(1)) {
            PlainClip plain = new PlainClip(clip);
            EvaluationSet set = labelled(10, OptionalInt.empty());
            Evaluator.SetResult one = evaluator(1, 10).evaluate(plain, set);
            Evaluator.SetResult many = evaluator(64, 10).evaluate(plain, set);
            assertThat(many.score()).isEqualTo(one.score());
            assertThat(many.shown())
                    .extracting(Evaluator.ShownPrediction::predictedClass)
                    .isEqualTo(one.shown().stream()
                            .map(Evaluator.ShownPrediction::predictedClass)
                            .toList());
        }
    }

    @Test
    void captionsAreSearchedInBothDirections() {
        try (Clip clip = TinyClip.create(2)) {
            EvaluationSet set = captioned(List.of("en", "de"));
            Evaluator.SetResult result = evaluator(2, 3).evaluate(new PlainClip(clip), set);
            assertThat(result.score()).isBetween(0.0, 100.0);
            assertThat(result.further()).hasSize(6);
            // Among three images and nine captions the ten nearest are all.
            assertThat(result.further().get("image to text R@10")).isEqualTo(100);
            assertThat(result.further().get("text to image R@5")).isEqualTo(100);
            assertThat(result.shown()).isEmpty();
        }
    }

    @Test
    void aLanguageWithoutCaptionsIsRefusedByName() {
        try (Clip clip = TinyClip.create(3)) {
            EvaluationSet set = captioned(List.of("fr"));
            assertThatThrownBy(() -> evaluator(2, 0).evaluate(new PlainClip(clip), set))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("colours")
                    .hasMessageContaining("fr");
        }
    }

    @Test
    void aSetWithoutUsableSamplesIsRefusedByName() {
        EvaluationSet set = labelled(0, OptionalInt.empty());
        assertThatThrownBy(() -> evaluator(2, 0).evaluate(new AlwaysSecond(), set))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colours");
    }

    @Test
    void evaluatingLeavesNothingNativeBehind() {
        try (Clip clip = TinyClip.create(4)) {
            PlainClip plain = new PlainClip(clip);
            List<EvaluationSet> sets = List.of(labelled(7, OptionalInt.of(0)), captioned(List.of("en")));
            sets.forEach(set -> evaluator(3, 2).evaluate(plain, set));
            long base = TensorScope.liveObjects();
            for (int i = 0; i < 20; i++) {
                sets.forEach(set -> evaluator(3, 2).evaluate(plain, set));
                assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
            }
        }
    }

    @Test
    void pooledSetsAreClassifiedAmongAllLearnedNamesAndShareTheirPrompts() {
        try (Clip clip = TinyClip.create(5)) {
            var counting = new CountingPrompts(clip);
            List<EvaluationSet> sets = List.of(
                    set("warm", 0, "red", "yellow"), set("cold", 1, "blue", "green"), set("pale", 2, "white", "grey"));
            var config = new EvaluationConfig(Protocol.POOLED, 4, 1, 2, 0, OptionalInt.empty());
            var pooled = new Evaluator(Preprocessing.openai(TinyClip.IMAGE_SIZE), config, badSamples);
            List<Double> scores = new ArrayList<>();
            pooled.evaluate(counting, sets, 2, (_, result) -> scores.add(result.score()));
            assertThat(counting.asked)
                    .containsExactly(List.of("red", "yellow", "blue", "green"), List.of("white", "grey"));
            assertThat(counting.tasks).containsOnly(OptionalInt.empty());
            // More names to confuse can only lower the accuracy.
            Evaluator alone = evaluator(4, 0);
            for (int i = 0; i < sets.size(); i++) {
                assertThat(scores.get(i))
                        .isLessThanOrEqualTo(
                                alone.evaluate(counting, sets.get(i)).score());
            }
        }
    }

    private static EvaluationSet set(String name, int learnedIn, String... colours) {
        var labels = new Supervision.Labels(List.of(colours), PromptTemplates.of("a {} picture"));
        return new EvaluationSet(name, Pictures.ofColours(name, 8, colours), labels, OptionalInt.of(learnedIn));
    }

    private Evaluator evaluator(int batchSize, int pictures) {
        var config = new EvaluationConfig(Protocol.TASK_AWARE, batchSize, 2, pictures, 0.5, OptionalInt.empty());
        return new Evaluator(Preprocessing.openai(TinyClip.IMAGE_SIZE), config, badSamples);
    }

    private static EvaluationSet labelled(int size, OptionalInt learnedIn) {
        var labels = new Supervision.Labels(List.of(COLOURS), PromptTemplates.of("a {} picture"));
        return new EvaluationSet("colours", pictures(size), labels, learnedIn);
    }

    private static EvaluationSet captioned(List<String> languages) {
        return new EvaluationSet("colours", pictures(3), new Supervision.Captions(languages), OptionalInt.empty());
    }

    private static Dataset pictures(int size) {
        return Pictures.ofColours("colours", size, COLOURS);
    }

    /** A plain model that remembers which classifiers it was asked for. */
    private static final class CountingPrompts implements AdaptedClip {
        private final PlainClip plain;
        private final List<List<String>> asked = new ArrayList<>();
        private final List<OptionalInt> tasks = new ArrayList<>();

        CountingPrompts(Clip clip) {
            this.plain = new PlainClip(clip);
        }

        @Override
        public Tensor embedImages(Tensor pixels) {
            return plain.embedImages(pixels);
        }

        @Override
        public Tensor embedTexts(List<String> texts) {
            return plain.embedTexts(texts);
        }

        @Override
        public ImageClassifier classifier(Candidates candidates, OptionalInt task) {
            asked.add(candidates.classNames());
            tasks.add(task);
            return plain.classifier(candidates, task);
        }
    }

    @Test
    void whatEachSampleIsTakenForIsCountedForModelsThatSayIt() {
        var clip = new AlwaysSecond() {
            @Override
            public Optional<List<OptionalInt>> recognized(Tensor pixels) {
                return Optional.of(IntStream.range(0, (int) pixels.size(0))
                        .mapToObj(i -> i == 0 ? OptionalInt.empty() : OptionalInt.of(1))
                        .toList());
            }
        };
        EvaluationSet first = labelled(8, OptionalInt.of(0));
        var second = new EvaluationSet("second", first.test(), first.supervision(), OptionalInt.of(1));
        evaluator(4, 0).evaluate(clip, List.of(first, second), 2, (set, result) -> {
            assertThat(result.further()).containsEntry("taken for " + first.name(), 0.0);
            assertThat(result.further()).containsEntry("taken for second", 75.0);
            assertThat(result.further()).containsEntry("taken for none", 25.0);
        });
    }

    /** A model that calls everything by the second name. */
    private static class AlwaysSecond implements AdaptedClip {
        private final List<OptionalInt> tasks = new ArrayList<>();
        private int closed;

        @Override
        public Tensor embedImages(Tensor pixels) {
            throw new AssertionError("a labelled set is classified");
        }

        @Override
        public Tensor embedTexts(List<String> texts) {
            throw new AssertionError("a labelled set is classified");
        }

        @Override
        public ImageClassifier classifier(Candidates candidates, OptionalInt task) {
            tasks.add(task);
            assertThat(candidates.classNames()).containsExactly(COLOURS);
            return new ImageClassifier() {
                @Override
                public Tensor logits(Tensor pixels) {
                    int images = (int) pixels.size(0);
                    float[] scores = new float[images * COLOURS.length];
                    for (int i = 1; i < scores.length; i += COLOURS.length) {
                        scores[i] = 1;
                    }
                    return Tensors.of(scores, images, COLOURS.length);
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }
}
