package dev.perennial.method.distill;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static dev.perennial.clip.golden.Closeness.assertCloseToMax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.method.distill.DistillationLoss.Target;
import dev.perennial.method.regularize.AnchorPenalty;
import dev.perennial.method.regularize.WeightAverage;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.train.Schedule;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class ZsclLossesGoldenTest {
    private static DynamicTest test(GoldenCase golden, String what, Runnable check) {
        return DynamicTest.dynamicTest(golden.name() + ": " + what, () -> {
            try (var _ = new TensorScope()) {
                check.run();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> lossesAveragesAndRatesEqualTheOriginal() {
        return GoldenCases.ofKind("zscl-losses")
                .flatMap(golden -> Stream.of(
                        test(golden, "distillation of images", () -> distillation(golden, "image", 1, 0)),
                        test(golden, "distillation of texts", () -> distillation(golden, "text", 0, 1)),
                        test(golden, "cross entropy", () -> crossEntropy(golden)),
                        test(golden, "distance of weights", () -> anchor(golden)),
                        test(golden, "averages of weights", () -> averages(golden)),
                        test(golden, "learning rates", () -> rates(golden))));
    }

    private static void distillation(GoldenCase golden, String direction, double images, double texts) {
        double temperature = golden.config().required("T").asDouble();
        double scale = golden.config().required("logit_scale").asDouble();
        Tensor student = leaf(golden, "input.student_image");
        Tensor sentences = Tensors.normalized(GoldenClip.tensor(golden.tensor("input.teacher_text")))
                .t();
        Tensor zt = Tensors.normalized(GoldenClip.tensor(golden.tensor("input.teacher_image")))
                .matmul(sentences)
                .mul(new Scalar(scale));
        Tensor zs = Tensors.normalized(student).matmul(sentences).mul(new Scalar(scale));
        Tensor loss = new DistillationLoss(temperature, images, texts, Target.TEACHER).of(zt, zs);
        loss.backward();
        // The original is the cross entropy, which is the divergence and the teacher's entropy.
        double entropy = temperature * temperature * Entropy.ofRows(images > 0 ? zt : zt.t(), temperature);
        double expected = golden.tensor("expect.loss_" + direction).toFloats()[0];
        assertThat(loss.item_double() + entropy).isCloseTo(expected, within(golden.tolerance("loss_rel") * expected));
        assertCloseToMax(
                "gradient",
                student.grad(),
                golden.tensor("expect.grad_" + direction + ".student"),
                golden.tolerance("grad_rel_to_max"),
                0);
    }

    private static void crossEntropy(GoldenCase golden) {
        Tensor images = leaf(golden, "input.task_image");
        Tensor classes = leaf(golden, "input.class_text");
        Tensor logits = Tensors.normalized(images)
                .matmul(Tensors.normalized(classes).t())
                .mul(new Scalar(golden.config().required("logit_scale").asDouble()));
        Tensor loss = TaskLoss.crossEntropy(
                logits,
                golden.tensor("input.label").toLongs(),
                golden.config().required("label_smoothing").asDouble());
        loss.backward();
        double expected = golden.tensor("expect.loss_ce").toFloats()[0];
        assertThat(loss.item_double()).isCloseTo(expected, within(golden.tolerance("loss_rel") * expected));
        double share = golden.tolerance("grad_rel_to_max");
        assertCloseToMax("images", images.grad(), golden.tensor("expect.grad_ce.task_image"), share, 0);
        assertCloseToMax("classes", classes.grad(), golden.tensor("expect.grad_ce.class_text"), share, 0);
    }

    private static void anchor(GoldenCase golden) {
        Map<String, Tensor> anchors = weights(golden, "input.theta0.");
        Map<String, Tensor> weights = weights(golden, "input.theta1.");
        weights.values().forEach(weight -> weight.set_requires_grad(true));
        Tensor distance = AnchorPenalty.distance(weights, anchors);
        distance.backward();
        double expected = golden.tensor("expect.l2").toFloats()[0];
        assertThat(distance.item_double()).isCloseTo(expected, within(golden.tolerance("loss_rel") * expected));
        weights.forEach((name, weight) -> assertCloseToMax(
                name, weight.grad(), golden.tensor("expect.l2_grad." + name), golden.tolerance("grad_rel_to_max"), 0));
    }

    private static void averages(GoldenCase golden) {
        double wiseKept = golden.config().required("wise_alpha").asDouble();
        double pullKept = golden.config().required("moving_avg_decay").asDouble();
        double tolerance = golden.tolerance("param_abs");
        try (var _ = new AutoGradMode(false);
                Parameters anchors = GoldenClip.parameters(golden, "input.theta0.");
                Parameters plain = anchors.copy();
                Parameters wise = anchors.copy()) {
            for (int n = 1; !golden.names("expect.average" + n + ".").isEmpty(); n++) {
                int snapshot = n;
                weights(golden, "input.theta" + n + ".").forEach((name, weight) -> {
                    WeightAverage.include(plain.get(name), weight, snapshot);
                    WeightAverage.include(wise.get(name), weight, snapshot);
                    WeightAverage.pull(wise.get(name), anchors.get(name), wiseKept);
                    WeightAverage.pull(weight, anchors.get(name), pullKept);
                    check(golden, "expect.average" + snapshot + "." + name, plain.get(name), tolerance);
                    check(golden, "expect.wise_average" + snapshot + "." + name, wise.get(name), tolerance);
                    check(golden, "expect.moving_avg" + snapshot + "." + name, weight, tolerance);
                });
            }
        }
    }

    private static void check(GoldenCase golden, String name, Tensor actual, double tolerance) {
        if (golden.has(name)) {
            assertClose(name, actual, golden.tensor(name), tolerance);
        }
    }

    private static void rates(GoldenCase golden) {
        var schedule = new Schedule(
                golden.config().required("lr_warmup").asInt(),
                golden.config().required("lr_total").asInt());
        double base = golden.config().required("lr_base").asDouble();
        long[] steps = golden.tensor("input.lr_steps").toLongs();
        float[] expected = golden.tensor("expect.lr").toFloats();
        for (int i = 0; i < steps.length; i++) {
            assertThat(base * schedule.factor((int) steps[i]))
                    .as("rate of step %d", steps[i])
                    .isCloseTo(expected[i], within(golden.tolerance("lr_abs")));
        }
    }

    private static Map<String, Tensor> weights(GoldenCase golden, String prefix) {
        Map<String, Tensor> weights = new TreeMap<>();
        golden.names(prefix)
                .forEach(name -> weights.put(name.substring(prefix.length()), GoldenClip.tensor(golden.tensor(name))));
        return weights;
    }

    private static Tensor leaf(GoldenCase golden, String name) {
        return GoldenClip.tensor(golden.tensor(name)).set_requires_grad(true);
    }
}
