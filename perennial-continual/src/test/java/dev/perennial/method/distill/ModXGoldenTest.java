package dev.perennial.method.distill;

import static dev.perennial.clip.golden.Closeness.assertCloseToMax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.distill.AlignmentLoss.Filter;
import dev.perennial.method.distill.AlignmentLoss.Reduction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

@Tag("golden")
class ModXGoldenTest {
    private static final AlignmentLoss AS_IN_THE_REPOSITORY = new AlignmentLoss(1, true, Reduction.SUM, Filter.RIGHT);

    @TestFactory
    Stream<DynamicTest> lossAndGradientsEqualTheOriginal() {
        return GoldenCases.ofKind("mod-x")
                .flatMap(golden -> IntStream.range(
                                0, golden.json().required("configs").size())
                        .mapToObj(i -> DynamicTest.dynamicTest(golden.name() + " " + i, () -> {
                            try (var _ = new TensorScope()) {
                                check(
                                        golden,
                                        "case" + i + ".",
                                        golden.json().required("configs").get(i));
                            }
                        })));
    }

    private static void check(GoldenCase golden, String prefix, JsonNode config) {
        Tensor images = leaf(golden, prefix + "input.image_new");
        Tensor texts = leaf(golden, prefix + "input.text_new");
        Tensor scale = Tensors.of(
                        new float[] {(float) config.required("logit_scale").asDouble()})
                .squeeze()
                .set_requires_grad(true);
        Tensor old = cosines(
                GoldenClip.tensor(golden.tensor(prefix + "input.image_old")),
                GoldenClip.tensor(golden.tensor(prefix + "input.text_old")));
        long[] pairs = LongStream.range(0, images.size(0)).toArray();
        Tensor match = AlignmentLoss.matching(old, pairs);

        assertThat(Tensors.toLongs(AlignmentLoss.found(old, match)))
                .isEqualTo(golden.tensor(prefix + "expect.keep_image").toLongs());
        assertThat(Tensors.toLongs(AlignmentLoss.found(old.t(), match.t())))
                .isEqualTo(golden.tensor(prefix + "expect.keep_text").toLongs());
        Tensor present = cosines(images, texts);
        near(golden, prefix + "expect.kl_image", AS_IN_THE_REPOSITORY.rows(old, present, match, 1), "kl_abs");
        near(
                golden,
                prefix + "expect.kl_text",
                AS_IN_THE_REPOSITORY.rows(old.t(), present.t(), match.t(), 1),
                "kl_abs");

        Tensor alignment = AS_IN_THE_REPOSITORY.of(old, present, pairs, 1);
        near(golden, prefix + "expect.distill", alignment, "kl_abs");
        alignment.backward();
        double share = golden.tolerance("grad_rel_to_max");
        assertCloseToMax("images", images.grad(), golden.tensor(prefix + "expect.grad_distill.image_new"), share, 0);
        assertCloseToMax("texts", texts.grad(), golden.tensor(prefix + "expect.grad_distill.text_new"), share, 0);
        images.mutable_grad().reset();
        texts.mutable_grad().reset();

        Tensor contrast = ContrastiveLoss.clip(images, texts, scale);
        near(golden, prefix + "expect.ce", contrast, "ce_abs");
        Tensor loss = contrast.add(AS_IN_THE_REPOSITORY
                .of(old, cosines(images, texts), pairs, 1)
                .mul(new Scalar(config.required("alpha").asDouble())));
        near(golden, prefix + "expect.loss", loss, "loss_abs");
        loss.backward();
        assertCloseToMax("images", images.grad(), golden.tensor(prefix + "expect.grad.image_new"), share, 0);
        assertCloseToMax("texts", texts.grad(), golden.tensor(prefix + "expect.grad.text_new"), share, 0);
        assertCloseToMax("scale", scale.grad(), golden.tensor(prefix + "expect.grad.logit_scale"), share, 0);
    }

    private static Tensor cosines(Tensor images, Tensor texts) {
        return Tensors.normalized(images).matmul(Tensors.normalized(texts).t());
    }

    private static void near(GoldenCase golden, String name, Tensor actual, String tolerance) {
        assertThat(actual.item_double())
                .as(name)
                .isCloseTo(golden.tensor(name).toFloats()[0], within(golden.tolerance(tolerance)));
    }

    private static Tensor leaf(GoldenCase golden, String name) {
        return GoldenClip.tensor(golden.tensor(name)).set_requires_grad(true);
    }
}
