package dev.perennial.method.moe;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class DdasGoldenTest {
    private static final List<String> LAYERS = List.of("encoder", "decoder");

    @TestFactory
    Stream<DynamicTest> errorsAndDecisions() {
        return tests(DdasGoldenTest::checkDecisions);
    }

    @TestFactory
    Stream<DynamicTest> aTraining() {
        return tests(DdasGoldenTest::checkTraining);
    }

    private static Stream<DynamicTest> tests(Consumer<GoldenCase> check) {
        return GoldenCases.ofKind("moe-ddas")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check.accept(golden)));
    }

    private static void checkDecisions(GoldenCase golden) {
        double tolerance = golden.tolerance("mse_abs");
        try (var alone = ddas(golden, DdasSettings.Vote.SAMPLE);
                var together = ddas(golden, DdasSettings.Vote.BATCH);
                var _ = new TensorScope()) {
            Tensor features = GoldenClip.tensor(golden.tensor("input.raw_features"));
            int batches = Math.toIntExact(features.size(0));
            int batch = Math.toIntExact(features.size(1));
            float[] perSample = golden.tensor("expect.sample_mse").toFloats();
            float[] perBatch = golden.tensor("expect.batch_mse").toFloats();
            long[] taskOfSample = golden.tensor("expect.task_per_sample").toLongs();
            long[] taskOfBatch = golden.tensor("expect.task_per_batch").toLongs();
            int count = perBatch.length / batches;
            for (int b = 0; b < batches; b++) {
                Tensor rows = features.select(0, b);
                for (int j = 0; j < count; j++) {
                    try (Autoencoder autoencoder = autoencoder(golden, j)) {
                        float[] errors = Tensors.toFloats(autoencoder.errors(rows));
                        int at = (b * count + j) * batch;
                        assertClose("errors", errors, Arrays.copyOfRange(perSample, at, at + batch), tolerance);
                        double mean = IntStream.range(0, batch)
                                .mapToDouble(i -> errors[i])
                                .average()
                                .orElseThrow();
                        assertThat(mean).isCloseTo(perBatch[b * count + j], within(tolerance));
                    }
                }
                assertThat(alone.decide(rows))
                        .containsExactly(ints(Arrays.copyOfRange(taskOfSample, b * batch, (b + 1) * batch)));
                int[] same = new int[batch];
                Arrays.fill(same, Math.toIntExact(taskOfBatch[b]));
                assertThat(together.decide(rows)).containsExactly(same);
            }
        }
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    private static void checkTraining(GoldenCase golden) {
        int trained = IntStream.iterate(0, j -> j + 1)
                .filter(j -> golden.has("expect.trained.ae" + j + ".encoder.0.weight"))
                .findFirst()
                .orElseThrow();
        float[] losses = golden.tensor("expect.train_loss").toFloats();
        double weightDecay = golden.config().required("weight_decay").asDouble();
        try (Autoencoder autoencoder = autoencoder(golden, trained);
                var training = new AutoencoderTraining(autoencoder, weightDecay);
                var _ = new TensorScope()) {
            Tensor features = GoldenClip.tensor(golden.tensor("input.raw_features"));
            for (int step = 0; step < losses.length; step++) {
                double loss = training.step(features.select(0, step), 0.01 * Math.pow(0.1, step));
                assertThat(loss).isCloseTo(losses[step], within(golden.tolerance("loss_abs")));
            }
            autoencoder
                    .parameters()
                    .forEach((name, tensor) -> assertClose(
                            name,
                            tensor,
                            golden.tensor("expect.trained.ae" + trained + "." + official(name)),
                            golden.tolerance("param_abs")));
        }
    }

    private static Ddas ddas(GoldenCase golden, DdasSettings.Vote vote) {
        double threshold = golden.config().required("threshold").asDouble();
        var settings = new DdasSettings(
                new DdasSettings.Features(0, Optional.empty()),
                Optional.empty(),
                new DdasSettings.Autoencoders(1, 1, 1, 1, 1, 1, 0),
                new DdasSettings.Threshold(DdasSettings.Rule.FIXED, 1, threshold),
                vote);
        var ddas = new Ddas(settings, new NoImages(), new RandomStream(1));
        ddas.reference(autoencoder(golden, 0));
        for (int j = 1; golden.has("param.ae" + j + ".encoder.0.weight"); j++) {
            ddas.add(autoencoder(golden, j), 0);
        }
        return ddas;
    }

    /** The case gives features, so nobody may look at an image. */
    private record NoImages() implements FeatureSource {
        @Override
        public View look(Tensor pixels) {
            throw new AssertionError("features are given, there are no " + pixels);
        }

        @Override
        public String name() {
            return "given";
        }
    }

    private static Autoencoder autoencoder(GoldenCase golden, int index) {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        try (var _ = new TensorScope()) {
            for (String layer : LAYERS) {
                for (String name : List.of(layer + ".weight", layer + ".bias")) {
                    parameters.put(
                            name,
                            GoldenClip.tensor(golden.tensor("param.ae" + index + "." + official(name)))
                                    .retainReference());
                }
            }
        }
        return new Autoencoder(parameters);
    }

    /** The official names count the layers of each half. */
    private static String official(String name) {
        return name.replace(".", ".0.");
    }
}
