package dev.perennial.method.moe;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.ImageTower;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TextTower;
import dev.perennial.method.tune.TaskLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class MixtureTowerGoldenTest {
    @TestFactory
    Stream<DynamicTest> featuresLossesAndGradients() {
        return GoldenCases.ofKind("moe-adapters-clip")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private static void check(GoldenCase golden) {
        check(golden, "zeroshot", AdapterChoice.NONE);
        for (int task = 0; golden.has("expect.task" + task + ".loss"); task++) {
            check(golden, "task" + task, task);
        }
    }

    private static void check(GoldenCase golden, String name, int router) {
        ClipConfig config = GoldenClip.config(golden.config());
        String prefix = "expect." + name + ".";
        List<GoldenMixture> image = mixtures(golden, "visual.transformer.resblocks.");
        List<GoldenMixture> text = mixtures(golden, "transformer.resblocks.");
        try (Parameters parameters = GoldenClip.parameters(golden, "param.");
                var imageMixtures = tower(image);
                var textMixtures = tower(text);
                var _ = new TensorScope()) {
            ImageTower images = ImageTower.of(config.vision(), parameters);
            TextTower texts = new TextTower(config.text(), parameters);
            boolean plain = router == AdapterChoice.NONE;
            Tensor seen = images.forward(
                    GoldenClip.tensor(golden.tensor("input.image")),
                    plain ? images.emptySites() : imageMixtures.inference(images.emptySites(), router));
            Tensor read = texts.forward(
                    GoldenClip.tokens(golden.tensor("input.text")),
                    plain ? texts.emptySites() : textMixtures.inference(texts.emptySites(), router));
            double tolerance = golden.tolerance("features_abs");
            assertClose("images", seen, golden.tensor(prefix + "image_features"), tolerance);
            assertClose("texts", read, golden.tensor(prefix + "text_features"), tolerance);
            Tensor logits = Tensors.normalized(seen)
                    .matmul(Tensors.normalized(read).t())
                    .mul(new Scalar(
                            golden.config().required("logit_scale_literal").asDouble()));
            assertClose("logits", logits, golden.tensor(prefix + "logits"), golden.tolerance("logits_abs"));
            Tensor loss = TaskLoss.crossEntropy(
                    logits,
                    golden.tensor("input.label").toLongs(),
                    golden.config().required("label_smoothing").asDouble());
            assertThat(loss.item_double())
                    .isCloseTo(golden.tensor(prefix + "loss").toFloats()[0], within(golden.tolerance("loss_abs")));
            if (!golden.names(prefix + "grad.").isEmpty()) {
                loss.backward();
                checkGradients(golden, prefix + "grad.", image);
                checkGradients(golden, prefix + "grad.", text);
            }
        }
    }

    private static List<GoldenMixture> mixtures(GoldenCase golden, String blocks) {
        List<GoldenMixture> mixtures = new ArrayList<>();
        while (golden.has("param." + blocks + mixtures.size() + ".router_list.0")) {
            mixtures.add(new GoldenMixture(golden, blocks + mixtures.size() + "."));
        }
        assertThat(mixtures).isNotEmpty();
        return mixtures;
    }

    private static MixtureTower tower(List<GoldenMixture> mixtures) {
        return new MixtureTower(mixtures.stream().map(block -> block.mixture).toList());
    }

    private static void checkGradients(GoldenCase golden, String prefix, List<GoldenMixture> mixtures) {
        mixtures.forEach(mixture -> mixture.parameters.forEach((name, tensor) -> {
            if (golden.has(prefix + name)) {
                MixtureGoldenTest.assertGradient(golden, prefix + name, tensor);
            }
        }));
    }
}
