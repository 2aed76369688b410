package dev.perennial.method.rail;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static dev.perennial.clip.golden.Closeness.assertCloseToMax;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

@Tag("golden")
class RailGoldenTest {
    @TestFactory
    Stream<DynamicTest> weightsScoresAndPredictionsOfEveryTaskEqualTheOriginal() {
        return GoldenCases.ofKind("rail").map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private static void check(GoldenCase golden) {
        JsonNode config = golden.config();
        try (var _ = new TensorScope();
                var primal = new PrimalRidge(
                        wide(golden, "input.W0"),
                        config.required("lambda_primal").asDouble());
                var dual = new DualRidge(
                        config.required("gamma").asDouble(),
                        config.required("lambda_dual").asDouble())) {
            Tensor zeroShot = wide(golden, "input.test")
                    .matmul(wide(golden, "input.text").t())
                    .mul(new Scalar(100))
                    .softmax(1);
            assertClose("zero-shot", zeroShot, golden.tensor("expect.zero_shot"), golden.tolerance("scores_abs"));
            int columns = 0;
            for (int task = 0; task < config.required("classes_per_task").size(); task++) {
                int first = columns;
                columns += config.required("classes_per_task").get(task).asInt();
                Tensor features = TensorStorage.load(golden.tensor("input.task" + task + ".features"));
                long[] labels = Arrays.stream(
                                golden.tensor("input.task" + task + ".labels").toLongs())
                        .map(label -> first + label)
                        .toArray();
                addInBatches(primal, features, labels, config.required("batch").asInt());
                addInBatches(dual, features, labels, config.required("batch").asInt());
                primal.solve(columns);
                dual.solve(columns);
                assertClose(
                        "weights after task " + task,
                        saved(primal, "weights"),
                        golden.tensor("expect.primal.task" + task + ".weights"),
                        golden.tolerance("weights_abs"));
                assertCloseToMax(
                        "alpha after task " + task,
                        saved(dual, "alpha"),
                        golden.tensor("expect.dual.task" + task + ".alpha"),
                        golden.tolerance("alpha_rel_to_max"),
                        0);
                checkScores(golden, "primal.task" + task, primal, zeroShot);
                checkScores(golden, "dual.task" + task, dual, zeroShot);
            }
        }
    }

    private static void addInBatches(Regression regression, Tensor features, long[] labels, int batch) {
        for (int from = 0; from < labels.length; from += batch) {
            int to = Math.min(labels.length, from + batch);
            regression.add(features.narrow(0, from, to - from), Arrays.copyOfRange(labels, from, to));
        }
    }

    private static void checkScores(GoldenCase golden, String name, Regression regression, Tensor zeroShot) {
        double tolerance = golden.tolerance("scores_abs");
        Tensor scores = regression.scores(wide(golden, "input.test"));
        assertClose(name, scores, golden.tensor("expect." + name + ".scores"), tolerance);
        assertPredictions(golden, name + ".predictions", scores);

        long unlearned = zeroShot.size(1) - scores.size(1);
        Tensor none = torch.zeros(new long[] {scores.size(0), unlearned}).to(torch.ScalarType.Double);
        Tensor learned = torch.arange(new Scalar(zeroShot.size(1))).lt(new Scalar(scores.size(1)));
        var fusion = new Fusion(golden.config().required("fusion_weight").asDouble());
        Tensor fused = torch.where(
                Fusion.gate(zeroShot, learned), fusion.weighted(zeroShot, Tensors.concat(1, scores, none)), zeroShot);
        assertClose("fusion." + name, fused, golden.tensor("expect.fusion." + name), tolerance);
        assertPredictions(golden, "fusion." + name + ".predictions", fused);
    }

    private static void assertPredictions(GoldenCase golden, String name, Tensor scores) {
        assertThat(Tensors.toLongs(scores.argmax(new LongOptional(1), false)))
                .as(name)
                .containsExactly(golden.tensor("expect." + name).toLongs());
    }

    private static Tensor wide(GoldenCase golden, String name) {
        return TensorStorage.load(golden.tensor(name)).to(torch.ScalarType.Double);
    }

    private static Tensor saved(Regression regression, String name) {
        var state = new StateWriter();
        regression.save(state);
        return TensorStorage.loadExactly(new StateReader(state.state()).tensor(name));
    }
}
