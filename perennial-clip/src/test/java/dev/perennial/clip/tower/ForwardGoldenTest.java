package dev.perennial.clip.tower;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static dev.perennial.clip.golden.Closeness.assertCloseToMax;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class ForwardGoldenTest {
    @TestFactory
    Stream<DynamicTest> featuresLogitsLossAndGradientsEqualTheOriginal() {
        return GoldenCases.ofKind("clip-forward")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private static void check(GoldenCase golden) {
        ClipConfig config = GoldenClip.config(golden.config());
        try (var _ = new TensorScope();
                Parameters parameters = GoldenClip.parameters(golden, "param.")) {
            assertThat(config.parameterCount()).isEqualTo(parameters.count());
            parameters.train(_ -> true);
            ImageTower imageTower = ImageTower.of(config.vision(), parameters);
            TextTower textTower = new TextTower(config.text(), parameters);

            Tensor pixels = GoldenClip.tensor(golden.tensor("input.image"));
            TokenBatch texts = GoldenClip.tokens(golden.tensor("input.text"));
            Tensor images = imageTower.forward(pixels, imageTower.emptySites());
            Tensor textFeatures = textTower.forward(texts, textTower.emptySites());
            Tensor logits = ContrastiveLoss.logits(images, textFeatures, parameters.get("logit_scale"));

            if (config.vision() instanceof ResNetConfig) {
                checkStages(golden, (ModifiedResNet) imageTower, pixels);
                double share = golden.tolerance("features_rel_to_max");
                assertCloseToMax("image features", images, golden.tensor("expect.image_features"), share, 0);
                assertCloseToMax("text features", textFeatures, golden.tensor("expect.text_features"), share, 0);
            } else {
                double tolerance = golden.tolerance("features_abs");
                assertClose("image features", images, golden.tensor("expect.image_features"), tolerance);
                assertClose("text features", textFeatures, golden.tensor("expect.text_features"), tolerance);
            }
            assertClose("logits", logits, golden.tensor("expect.logits_per_image"), golden.tolerance("logits_abs"));

            Tensor loss = ContrastiveLoss.clip(images, textFeatures, parameters.get("logit_scale"));
            if (golden.has("expect.loss")) {
                assertClose(
                        "loss",
                        loss,
                        golden.tensor("expect.loss"),
                        golden.tolerance("loss_abs", golden.tolerance("logits_abs")));
            }
            loss.backward();
            for (String name : golden.names("grad.")) {
                assertCloseToMax(
                        name,
                        parameters.get(name.substring("grad.".length())).grad(),
                        golden.tensor(name),
                        golden.tolerance("grad_rel_to_max"),
                        golden.tolerance("grad_abs", 1e-6));
            }
        }
    }

    private static void checkStages(GoldenCase golden, ModifiedResNet tower, Tensor pixels) {
        double share = golden.tolerance("stage_rel_to_max");
        Tensor x = tower.stem(pixels);
        assertCloseToMax("stem", x, golden.tensor("expect.stem"), share, 0);
        for (int stage = 1; stage <= 4; stage++) {
            x = tower.stage(x, stage);
            assertCloseToMax("stage " + stage, x, golden.tensor("expect.layer" + stage), share, 0);
        }
    }

    @TestFactory
    Stream<DynamicTest> cuttingTextAfterItsEotTokenChangesNothing() {
        return GoldenCases.ofKind("clip-forward")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    ClipConfig config = GoldenClip.config(golden.config());
                    try (var _ = new TensorScope();
                            Parameters parameters = GoldenClip.parameters(golden, "param.")) {
                        TextTower tower = new TextTower(config.text(), parameters);
                        TokenBatch cut = GoldenClip.tokens(golden.tensor("input.text"));
                        Tensor whole = tower.forward(cut.paddedTo(config.text().contextLength()), tower.emptySites());
                        Tensor features = tower.forward(cut, tower.emptySites());
                        assertClose("features", Tensors.toFloats(features), Tensors.toFloats(whole), 1e-6);
                    }
                }));
    }
}
