package dev.perennial.method.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MoeAdaptersTest {
    private static final PromptTemplates TEMPLATES = PromptTemplates.of("a {} picture", "{}");
    private static final List<String> NAMES = List.of("red", "green", "blue", "white");
    private static final Candidates CANDIDATES = new Candidates(NAMES, TEMPLATES);
    private static final OptionalInt UNKNOWN = OptionalInt.empty();

    @Test
    void picturesAreRecognisedAmongTheColoursOfTheirTask() {
        try (Method method = create()) {
            learn(method, 0, 40, "red", "green");
            learn(method, 1, 40, "blue", "white");
            AdaptedClip adapted = method.adapted();
            assertThat(adapted.recognized(pixelsOf(0, "red", "green")).orElseThrow())
                    .containsOnly(OptionalInt.of(0));
            assertThat(adapted.recognized(pixelsOf(1, "blue", "white")).orElseThrow())
                    .containsOnly(OptionalInt.of(1));
            try (var _ = new TensorScope();
                    ImageClassifier classifier =
                            adapted.classifier(new Candidates(List.of("blue", "white"), TEMPLATES), UNKNOWN)) {
                float[][] scores = Tensors.toRows(classifier.logits(pixelsOf(1, "blue", "white")));
                for (int i = 0; i < scores.length; i++) {
                    assertThat(scores[i][i % 2]).isGreaterThan(scores[i][1 - i % 2]);
                }
            }
        }
    }

    @Test
    void anImageThatIsTakenForNoTaskIsEmbeddedAndScoredByThePretrainedModelBitForBit() {
        // At the median of the errors, half of a task's own images are taken for no task.
        try (Clip clip = TinyClip.create(5);
                Method method = create(TinyClip.create(5), options(0.5, DdasSettings.Vote.SAMPLE));
                var _ = new TensorScope()) {
            learn(method, 0, 20, "red", "green");
            assertThat(method.keepsUnseenImages()).isTrue();
            AdaptedClip adapted = method.adapted();
            var plain = new PlainClip(clip);
            Tensor mixed = pixelsOf(0, "red", "green");
            List<OptionalInt> taken = adapted.recognized(mixed).orElseThrow();
            assertThat(taken).contains(OptionalInt.of(0), OptionalInt.empty());
            float[][] embedded = Tensors.toRows(adapted.embedImages(mixed));
            float[][] pretrained = Tensors.toRows(plain.embedImages(mixed));
            float[][] scores = scores(adapted, mixed);
            float[][] pretrainedScores = scores(plain, mixed);
            for (int i = 0; i < embedded.length; i++) {
                boolean untouched = taken.get(i).isEmpty();
                assertThat(Arrays.equals(embedded[i], pretrained[i])).isEqualTo(untouched);
                assertThat(Arrays.equals(scores[i], pretrainedScores[i])).isEqualTo(untouched);
            }
            assertThat(Tensors.toFloats(adapted.embedTexts(NAMES)))
                    .isEqualTo(Tensors.toFloats(plain.embedTexts(NAMES)));
        }
    }

    @Test
    void expertsThatAreFrozenKeepEveryByteAndSoDoTheRoutersOfEarlierTasks() {
        try (Method method = create()) {
            learn(method, 0, 5, "red", "green");
            Map<String, float[]> before = tensors(method);
            JsonNode record = method.save().record().deepCopy();
            learn(method, 1, 5, "blue", "white");
            Map<String, float[]> after = tensors(method);
            int changed = 0;
            for (String tower : List.of("image", "text")) {
                for (int block = 0; block < 2; block++) {
                    assertSame(before, after, tower + "." + block + ".routers.0.");
                    JsonNode frozen = record.required(tower).required("frozen").required(block);
                    assertThat(frozen.valueStream().filter(JsonNode::asBoolean)).hasSize(2);
                    for (int e = 0; e < 4; e++) {
                        String expert = tower + "." + block + ".experts." + e + ".";
                        if (frozen.required(e).asBoolean()) {
                            assertSame(before, after, expert);
                        } else if (!Arrays.equals(before.get(expert + "up.weight"), after.get(expert + "up.weight"))) {
                            changed++;
                        }
                    }
                }
            }
            assertThat(changed).isPositive();
        }
    }

    @Test
    void gradientsReachWhatIsTrainedAndNothingOfThePretrainedModel() {
        Clip clip = TinyClip.create(5);
        try (Method method = create(clip, options(1, DdasSettings.Vote.SAMPLE));
                var _ = new TensorScope()) {
            Experience experience = experience(0, "red", "green");
            var plan = (LearningPlan.Gradients) method.begin(experience);
            method.loss(batch(experience)).backward();
            clip.parameters()
                    .asMap()
                    .forEach((name, weight) ->
                            assertThat(weight.grad().defined()).as(name).isFalse());
            plan.groups()
                    .getFirst()
                    .parameters()
                    .forEach((name, weight) ->
                            assertThat(weight.grad().defined()).as(name).isTrue());
            assertThat(plan.groups()).extracting(group -> group.name()).containsExactly("routers", "experts");
            // Two blocks of each tower: a gate and a noise for each of 4 experts, and their bottlenecks of 6 units.
            assertThat(plan.groups())
                    .extracting(group -> group.count())
                    .containsExactly(4L * 2 * 16 * 4, 4L * 4 * (2 * 16 * 6 + 6 + 16));
        }
    }

    @Test
    void aVoteDecidesForTheWholeBatch() {
        try (Method method = create(TinyClip.create(5), options(0.5, DdasSettings.Vote.BATCH));
                var _ = new TensorScope()) {
            learn(method, 0, 3, "red", "green");
            Tensor pixels = pixelsOf(0, "red", "green");
            assertThat(method.adapted().recognized(pixels).orElseThrow().stream()
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void referenceImagesAreTakenForNoTask() {
        var ddas = options(1, DdasSettings.Vote.SAMPLE).ddas();
        var withReference = new DdasSettings(
                ddas.features(),
                Optional.of(DatasetSpec.of("reference")),
                ddas.autoencoders(),
                new DdasSettings.Threshold(DdasSettings.Rule.FIXED, 1, 1),
                ddas.vote());
        var options = new MoeAdaptersProvider.Options(4, 2, 6, 0.1, 0.1, 2, 0.2, withReference);
        try (Method method = create(TinyClip.create(5), options);
                var _ = new TensorScope()) {
            learn(method, 0, 3, "red", "green");
            assertThat(method.save().tensors()).containsKey("ddas.reference.encoder.weight");
            Dataset reference =
                    TinyContext.of(5, 1).data().open(withReference.reference().orElseThrow());
            List<OptionalInt> taken = method.adapted()
                    .recognized(pixels(IntStream.range(0, reference.size())
                            .mapToObj(reference::sample)
                            .toList()))
                    .orElseThrow();
            assertThat(taken).contains(OptionalInt.empty());
        }
    }

    @Test
    void theVariantForClassIncrementsHasOneRouterForAllTasks() {
        var options = new MoeAdaptersCilProvider.Options(2, 2, 6, 0.1, 0.1, 0);
        try (Method method = new MoeAdaptersCilProvider().create(TinyClip.create(5), options, TinyContext.of(5, 1))) {
            learn(method, 0, 20, "red", "green");
            learn(method, 1, 20, "blue", "white");
            MethodState state = method.save();
            assertThat(state.tensors())
                    .containsKey("image.1.routers.0.gate")
                    .doesNotContainKeys("image.1.routers.1.gate", "ddas.tasks.0.encoder.weight");
            assertThat(state.record().toString()).doesNotContain("true");
            assertThat(method.keepsUnseenImages()).isFalse();
            assertThat(method.adapted().recognized(pixelsOf(0, "red"))).isEmpty();
        }
    }

    @Test
    void captionsAndOptionsOutOfRangeAreRefused() {
        try (Method method = create()) {
            var captioned = new Experience(
                    0, "captioned", Pictures.ofColours("c", 2, "red"), new Supervision.Captions(List.of("en")));
            assertThatThrownBy(() -> method.begin(captioned))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("captioned");
        }
        assertThatThrownBy(() -> new MixtureSettings(2, 3, 6, 0.1, 0.1)).hasMessageContaining("top-k");
        assertThatThrownBy(() -> new MixtureSettings(2, 2, 6, 0.1, 1)).hasMessageContaining("dropout");
        assertThatThrownBy(() -> new DdasSettings.Features(2, Optional.empty()))
                .hasMessageContaining("ddas.features.depth");
        assertThatThrownBy(() -> new DdasSettings.Threshold(DdasSettings.Rule.FIXED, 2, 0))
                .hasMessageContaining("ddas.threshold.quantile");
    }

    private static Method create() {
        return create(TinyClip.create(5), options(1, DdasSettings.Vote.SAMPLE));
    }

    private static Method create(Clip clip, MoeAdaptersProvider.Options options) {
        return new MoeAdaptersProvider().create(clip, options, TinyContext.of(5, 1));
    }

    private static MoeAdaptersProvider.Options options(double quantile, DdasSettings.Vote vote) {
        var ddas = new DdasSettings(
                new DdasSettings.Features(0.5, Optional.empty()),
                Optional.empty(),
                new DdasSettings.Autoencoders(8, 100, 150, 150, 8, 1e-2, 1e-4),
                new DdasSettings.Threshold(DdasSettings.Rule.CALIBRATED, quantile, 0),
                vote);
        return new MoeAdaptersProvider.Options(4, 2, 6, 0.1, 0.1, 2, 0.2, ddas);
    }

    private static Experience experience(int index, String... colours) {
        Dataset data = Pictures.ofColours("set " + index, 4 * colours.length, colours);
        return new Experience(index, "task " + index, data, new Supervision.Labels(List.of(colours), TEMPLATES));
    }

    private static void learn(Method method, int index, int steps, String... colours) {
        Experience experience = experience(index, colours);
        var plan = (LearningPlan.Gradients) method.begin(experience);
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
        List<Sample> samples = samples(experience.train());
        return new Batch(experience, samples, pixels(samples));
    }

    private static List<Sample> samples(Dataset dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::sample).toList();
    }

    /** The pictures of an experience. */
    private static Tensor pixelsOf(int index, String... colours) {
        return pixels(samples(experience(index, colours).train()));
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

    private static float[][] scores(AdaptedClip clip, Tensor pixels) {
        try (ImageClassifier classifier = clip.classifier(CANDIDATES, UNKNOWN)) {
            return Tensors.toRows(classifier.logits(pixels));
        }
    }

    private static Map<String, float[]> tensors(Method method) {
        Map<String, float[]> tensors = new HashMap<>();
        for (StoredTensor tensor : method.save().tensors().values()) {
            tensors.put(tensor.name(), tensor.toFloats());
        }
        return tensors;
    }

    private static void assertSame(Map<String, float[]> before, Map<String, float[]> after, String prefix) {
        List<String> names =
                before.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
        assertThat(names).as(prefix).isNotEmpty();
        names.forEach(name -> assertThat(after.get(name)).as(name).isEqualTo(before.get(name)));
    }
}
