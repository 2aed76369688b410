package dev.perennial.method.cllclip;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.Vocabulary;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TextTower;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.ImageSource;
import dev.perennial.data.Sample;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.RowScales;
import dev.perennial.method.vocabulary.NewRows;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import dev.perennial.train.OptimizerStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

@Tag("golden")
class CllClipGoldenTest {
    private static final String EMBEDDING = "token_embedding.weight";
    private static final Vocabulary ANY = Vocabulary.ofMerges(List.of());
    private static final Sample NO_SAMPLE = new Sample(
            "none",
            0,
            ImageSource.of("none", () -> new byte[0]),
            OptionalInt.empty(),
            Optional.empty(),
            Map.of(),
            Map.of());

    @TestFactory
    Stream<DynamicTest> growthCountsScalesAndTraining() {
        return GoldenCases.ofKind("cll-clip")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private static void check(GoldenCase golden) {
        JsonNode config = golden.config();
        var use = new TokenUse(config.required("vocab0").asInt());
        try (var _ = new TensorScope()) {
            Tensor embedding = TensorStorage.load(golden.tensor("input.E0"));
            for (int task = 0; golden.has("task" + task + ".expect.E_grown"); task++) {
                embedding = learn(golden, "task" + task + ".", embedding, use);
            }
        }
    }

    private static Tensor learn(GoldenCase golden, String task, Tensor before, TokenUse use) {
        JsonNode config = golden.config();
        assertClose(
                "mean and deviation",
                Tensors.toFloats(Tensors.stack(List.of(before.mean(), before.std()))),
                golden.tensor(task + "expect.init_mean_std").toFloats(),
                golden.tolerance("mean_std_abs"));
        Tensor noise = TensorStorage.load(golden.tensor(task + "input.init_noise"));
        // Where the rows come from does not depend on what the tokens are.
        Tensor grown = NewRows.DISTRIBUTION.grown(before, ANY, ANY, noise);
        assertClose("grown", grown, golden.tensor(task + "expect.E_grown"), golden.tolerance("E_abs"));
        int vocabulary = Math.toIntExact(grown.size(0));
        use.grow(vocabulary);
        assertThat(use.counts())
                .isEqualTo(golden.tensor(task + "expect.frequencies_before").toFloats());

        long[] flatIds = golden.tensor(task + "input.ids").toLongs();
        int context = config.required("context").asInt();
        int end = config.required("eot").asInt();
        int start = config.required("sot").asInt();
        List<int[]> texts = new ArrayList<>();
        for (int from = 0; from < flatIds.length; from += context) {
            texts.add(Arrays.stream(flatIds, from, from + context)
                    .mapToInt(Math::toIntExact)
                    .toArray());
        }
        var counts = new TokenCounts(texts.stream().map(ids -> lesson(ids, end)).toList(), vocabulary);
        float[] scales = use.scales(counts.used(), start, end);
        assertClose(
                "row scale",
                scales,
                golden.tensor(task + "expect.row_scale").toFloats(),
                golden.tolerance("scale_abs"));

        if (golden.has(task + "expect.plain_adamw.E")) {
            train(golden, task, "expect.plain_adamw.", grown, texts, Optional.empty());
        }
        RowScales rows = TokenUse.rowScales(scales, true, true, false);
        Tensor learned = train(golden, task, "expect.", grown, texts, Optional.of(rows));
        use.learned(Counting.LANGUAGES.of(counts));
        assertThat(use.counts())
                .isEqualTo(golden.tensor(task + "expect.frequencies_saved").toFloats());
        return learned;
    }

    private static Lesson lesson(int[] padded, int end) {
        int at = 0;
        while (padded[at] != end) {
            at++;
        }
        return new Lesson(NO_SAMPLE, "one", "", Arrays.copyOf(padded, at + 1), 0, 0, 0);
    }

    private static Tensor train(
            GoldenCase golden,
            String task,
            String expected,
            Tensor grown,
            List<int[]> texts,
            Optional<RowScales> rows) {
        JsonNode config = golden.config();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : golden.names("param.")) {
            tensors.put(name.substring("param.".length()), TensorStorage.load(golden.tensor(name)));
        }
        tensors.put(EMBEDDING, grown.clone());
        try (var parameters = new Parameters(tensors)) {
            parameters.train(EMBEDDING::equals);
            var tower = new TextTower(textConfig(config, Math.toIntExact(grown.size(0))), parameters);
            Tensor tau = Tensors.of(
                            new float[] {(float) config.required("temperature0").asDouble()}, 1)
                    .set_requires_grad(true);
            var loss = new CaptionLoss(
                    config.required("gamma_cl").asDouble(),
                    config.required("gamma_cm").asDouble());
            var groups = List.of(
                    new ParameterGroup(
                            "token embedding",
                            named(EMBEDDING, parameters.get(EMBEDDING)),
                            1,
                            true,
                            rows.map(of -> Map.of(EMBEDDING, of)).orElse(Map.of())),
                    new ParameterGroup("temperature", named("temperature", tau), 1, false));
            JsonNode betas = config.required("betas");
            var adamw = new AdamWConfig(
                    betas.required(0).asDouble(),
                    betas.required(1).asDouble(),
                    config.required("eps").asDouble(),
                    config.required("weight_decay").asDouble());
            float[][] lines = Tensors.toRows(TensorStorage.load(golden.tensor(task + expected + "losses")));
            int batch = config.required("batch").asInt();
            try (var optimizer = new AdamW(groups, adamw)) {
                var step = new OptimizerStep(
                        groups,
                        optimizer,
                        Precision.FLOAT32,
                        Optional.of(config.required("grad_clip").asDouble()));
                for (int s = 0; s < config.required("steps").asInt(); s++) {
                    int from = s * batch;
                    CaptionLoss.clamp(tau);
                    double[] parts = new double[2];
                    Supplier<Tensor> forward = () -> {
                        Tensor captions = tower.forward(
                                TokenBatch.of(
                                        texts.subList(from, from + batch),
                                        config.required("eot").asInt()),
                                tower.emptySites());
                        boolean[] all = new boolean[batch];
                        Arrays.fill(all, true);
                        CaptionLoss.Terms of = loss.of(
                                captions,
                                slice(golden, task + "input.teacher_text", from, batch),
                                all,
                                slice(golden, task + "input.image_features", from, batch),
                                Arrays.copyOfRange(
                                        golden.tensor(task + "input.image_ids").toLongs(), from, from + batch),
                                tau);
                        parts[0] = of.lingual().item_double();
                        parts[1] = of.modal().item_double();
                        return of.total();
                    };
                    OptimizerStep.Outcome outcome = step.take(
                            "step " + s, List.of(forward), config.required("lr").asDouble());
                    double tolerance = golden.tolerance("loss_abs");
                    assertThat(outcome.loss()).as("loss of step " + s).isCloseTo(lines[s][0], within(tolerance));
                    assertThat(parts[0]).as("distance").isCloseTo(lines[s][1], within(tolerance));
                    assertThat(parts[1]).as("contrast").isCloseTo(lines[s][2], within(tolerance));
                    assertThat(outcome.gradientNorm()).as("norm").isCloseTo(lines[s][3], within(tolerance));
                    assertThat(Tensors.toFloats(tau)[0]).as("temperature").isCloseTo(lines[s][4], within(1e-4f));
                }
            }
            Tensor learned = parameters.get(EMBEDDING).detach().clone();
            assertClose(expected + "E", learned, golden.tensor(task + expected + "E"), golden.tolerance("E_abs"));
            return learned;
        }
    }

    private static Tensor slice(GoldenCase golden, String name, int from, int rows) {
        StoredTensor stored = golden.tensor(name);
        return TensorStorage.load(stored).narrow(0, from, rows);
    }

    private static SequencedMap<String, Tensor> named(String name, Tensor tensor) {
        SequencedMap<String, Tensor> map = new LinkedHashMap<>();
        map.put(name, tensor);
        return map;
    }

    private static TextConfig textConfig(JsonNode config, int vocabulary) {
        return new TextConfig(
                config.required("context").asInt(),
                vocabulary,
                config.required("eot").asInt(),
                TransformerConfig.of(
                        config.required("text_width").asInt(),
                        config.required("layers").asInt(),
                        config.required("heads").asInt(),
                        Activation.of(config.path("activation").asString("quick_gelu"))));
    }
}
