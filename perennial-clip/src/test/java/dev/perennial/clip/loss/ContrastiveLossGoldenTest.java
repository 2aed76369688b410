package dev.perennial.clip.loss;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static dev.perennial.clip.golden.Closeness.assertCloseToMax;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Parameters;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class ContrastiveLossGoldenTest {
    @TestFactory
    Stream<DynamicTest> lossesAndGradientsEqualOpenClips() {
        return GoldenCases.ofKind("clip-losses")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private static void check(GoldenCase golden) {
        try (var _ = new TensorScope()) {
            Parameters in = inputs(golden);
            compare(golden, "clip", in, ContrastiveLoss.clip(in.get("image"), in.get("text"), in.get("logit_scale")));
            in = inputs(golden);
            compare(
                    golden,
                    "siglip",
                    in,
                    ContrastiveLoss.sigmoid(
                            in.get("image"), in.get("text"), in.get("logit_scale"), in.get("logit_bias")));
            in = inputs(golden);
            Tensor teacherScale =
                    scalar(golden.config().required("teacher_logit_scale").asDouble());
            compare(
                    golden,
                    "distill",
                    in,
                    ContrastiveLoss.distillation(
                            in.get("image"),
                            in.get("text"),
                            in.get("logit_scale"),
                            GoldenClip.tensor(golden.tensor("input.teacher_image")),
                            GoldenClip.tensor(golden.tensor("input.teacher_text")),
                            teacherScale));
        }
    }

    private static Parameters inputs(GoldenCase golden) {
        Parameters inputs = new Parameters(Map.of(
                "image", GoldenClip.tensor(golden.tensor("input.image")),
                "text", GoldenClip.tensor(golden.tensor("input.text")),
                "logit_scale", scalar(golden.config().required("logit_scale").asDouble()),
                "logit_bias", scalar(golden.config().required("logit_bias").asDouble())));
        inputs.train(_ -> true);
        return inputs;
    }

    private static void compare(GoldenCase golden, String loss, Parameters inputs, Tensor actual) {
        assertClose(loss, actual, golden.tensor(loss + ".expect.loss"), golden.tolerance("loss_abs"));
        actual.backward();
        String prefix = loss + ".expect.grad.";
        for (String name : golden.names(prefix)) {
            assertCloseToMax(
                    name,
                    inputs.get(name.substring(prefix.length())).grad(),
                    golden.tensor(name),
                    golden.tolerance("grad_rel_to_max"),
                    1e-7);
        }
    }

    private static Tensor scalar(double value) {
        return Tensors.of(new float[] {(float) value});
    }
}
