package dev.perennial.method.sit;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static dev.perennial.clip.golden.Closeness.assertCloseToMax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Matching;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import dev.perennial.train.OptimizerStep;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

@Tag("golden")
class SitGoldenTest {
    @TestFactory
    Stream<DynamicTest> features() {
        return tests(golden -> {
            for (Matching.Scope scope : Matching.Scope.values()) {
                checkFeatures(golden, scope);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> lossesAndGradientsOfBothScopesWithOneAndTwoSoftmaxes() {
        return tests(golden -> {
            for (Matching.Scope scope : Matching.Scope.values()) {
                checkLoss(golden, scope, true);
                checkLoss(golden, scope, false);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aTraining() {
        return tests(SitGoldenTest::checkTraining);
    }

    private static Stream<DynamicTest> tests(Consumer<GoldenCase> check) {
        return GoldenCases.ofKind("sit-lora", "sit-adapter")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check.accept(golden)));
    }

    private static String prefix(Matching.Scope scope) {
        return switch (scope) {
            case BATCH -> "expect.batch.";
            case SEEN -> "expect.all.";
        };
    }

    private static void checkFeatures(GoldenCase golden, Matching.Scope scope) {
        String prefix = prefix(scope);
        double tolerance = golden.tolerance("features_abs");
        boolean normalised = golden.json().path("normalised_features").asBoolean(false);
        try (var sit = new GoldenSit(golden);
                var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            Forward forward = sit.forward(new Matching(scope, 0, false));
            assertThat(forward.matches())
                    .containsExactly(golden.tensor(prefix + "labels").toLongs());
            Tensor images = normalised ? Tensors.normalized(forward.images()) : forward.images();
            Tensor texts = normalised ? Tensors.normalized(forward.texts()) : forward.texts();
            assertClose("images", images, golden.tensor(prefix + "image_features"), tolerance);
            assertClose("texts", texts, golden.tensor(prefix + "text_features"), tolerance);
            Tensor logits = ContrastiveLoss.logits(
                    forward.images(), forward.texts(), sit.clip.parameters().get("logit_scale"));
            assertClose(
                    "probabilities", logits.softmax(1), golden.tensor(prefix + "probs"), golden.tolerance("probs_abs"));
        }
    }

    private static void checkLoss(GoldenCase golden, Matching.Scope scope, boolean doubleSoftmax) {
        String prefix = prefix(scope) + (doubleSoftmax ? "double_softmax." : "plain.");
        try (var sit = new GoldenSit(golden);
                var _ = new TensorScope()) {
            Tensor loss = sit.forward(new Matching(scope, 0, doubleSoftmax)).loss();
            assertThat(loss.item_double())
                    .as(prefix + "loss")
                    .isCloseTo(golden.tensor(prefix + "loss").toFloats()[0], within(golden.tolerance("loss_abs")));
            loss.backward();
            sit.modules().forEach((name, tensor) -> {
                String gradient = prefix + "grad." + GoldenSit.original(name);
                if (golden.has(gradient)) {
                    assertCloseToMax(
                            gradient,
                            tensor.grad(),
                            golden.tensor(gradient),
                            golden.tolerance("grad_rel_to_max"),
                            golden.tolerance("grad_abs"));
                }
                tensor.mutable_grad().reset();
            });
        }
    }

    private static void checkTraining(GoldenCase golden) {
        JsonNode config = golden.config();
        var optimizer = new AdamWConfig(
                config.required("betas").required(0).asDouble(),
                config.required("betas").required(1).asDouble(),
                config.required("eps").asDouble(),
                config.required("weight_decay").asDouble());
        try (var sit = new GoldenSit(golden)) {
            // The repository decays biases too.
            List<ParameterGroup> groups = List.of(new ParameterGroup("modules", sit.modules(), 1, true));
            float[] losses = golden.tensor("expect.train.loss").toFloats();
            try (var adam = new AdamW(groups, optimizer)) {
                var step = new OptimizerStep(groups, adam, Precision.FLOAT32, Optional.empty());
                for (int i = 0; i < config.required("steps").asInt(); i++) {
                    double loss = step.take(
                                    "step " + i,
                                    List.of(() -> sit.forward(sit.options.matchingInUse())
                                            .loss()),
                                    config.required("lr").asDouble())
                            .loss();
                    assertThat(loss)
                            .as("loss of step %d", i)
                            .isCloseTo(losses[i], within(golden.tolerance("loss_abs")));
                }
            }
            try (var _ = new TensorScope()) {
                sit.modules().forEach((name, tensor) -> {
                    String expected = "expect.train.param." + GoldenSit.original(name);
                    if (golden.has(expected)) {
                        StoredTensor trained = golden.tensor(expected);
                        assertClose(name, tensor, trained, golden.tolerance("param_abs"));
                    }
                });
            }
        }
    }
}
