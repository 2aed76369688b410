package dev.perennial.method.coleclip;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static dev.perennial.clip.golden.Closeness.assertCloseToMax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.ParameterGroup;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import dev.perennial.train.OptimizerStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
class CoLeClipGoldenTest {
    @TestFactory
    Stream<DynamicTest> features() {
        return tests(CoLeClipGoldenTest::checkFeatures);
    }

    @TestFactory
    Stream<DynamicTest> lossesAndGradientsOfBothStages() {
        return tests(golden -> {
            for (int stage = 1; golden.has("expect.stage" + stage + ".loss"); stage++) {
                checkStage(golden, stage);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> energiesAndTheirDecisions() {
        return tests(CoLeClipGoldenTest::checkDecisions);
    }

    @TestFactory
    Stream<DynamicTest> scoresWithoutATask() {
        return tests(CoLeClipGoldenTest::checkScores);
    }

    @TestFactory
    Stream<DynamicTest> aTraining() {
        return tests(CoLeClipGoldenTest::checkTraining);
    }

    private static Stream<DynamicTest> tests(Consumer<GoldenCase> check) {
        return GoldenCases.ofKind("coleclip")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check.accept(golden)));
    }

    private static void checkFeatures(GoldenCase golden) {
        double tolerance = golden.tolerance("features_abs");
        try (var task = new GoldenTask(golden);
                var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            Tensor encoded = task.encoded();
            long readers = encoded.size(1) - 1;
            Tensor promptsFirst = Tensors.concat(1, encoded.narrow(1, 1, readers), encoded.narrow(1, 0, 1));
            assertClose("visual tokens", promptsFirst, golden.tensor("expect.visual_tokens"), tolerance);
            assertClose("views", task.prompts.views(encoded), golden.tensor("expect.image_features_raw"), tolerance);
            assertClose("texts", task.texts(), golden.tensor("expect.text_features"), tolerance);
            assertClose("fused", task.fused(), golden.tensor("expect.text_embedding"), tolerance);
        }
    }

    private static void checkStage(GoldenCase golden, int stage) {
        String prefix = "expect.stage" + stage + ".";
        try (var task = new GoldenTask(golden);
                var _ = new TensorScope()) {
            Tensor loss = task.loss(stage);
            assertThat(loss.item_double())
                    .as("loss of stage %d", stage)
                    .isCloseTo(golden.tensor(prefix + "loss").toFloats()[0], within(golden.tolerance("loss_abs")));
            loss.backward();
            StoredTensor prompts = golden.tensor(prefix + "grad.task_prompt");
            int current = task.prompts.tasks() - 1;
            for (int t = 0; t < current; t++) {
                assertThat(task.prompts.of(t).grad().defined()).isFalse();
            }
            assertGradient(golden, "prompt", task.prompts.of(current), prompts.rows(current, current + 1));
            task.lora
                    .parameters()
                    .forEach((name, tensor) ->
                            assertGradient(golden, name, tensor, golden.tensor(prefix + "grad.lora." + name)));
            task.acceptProposal();
            assertClose(
                    "vocabulary after stage " + stage,
                    task.vocabulary.of(task.vocabularyNames),
                    golden.tensor(prefix + "vocab_after"),
                    golden.tolerance("vocab_abs"));
        }
    }

    private static void assertGradient(GoldenCase golden, String name, Tensor tensor, StoredTensor expected) {
        assertCloseToMax(
                "gradient of " + name,
                tensor.grad(),
                expected,
                golden.tolerance("grad_rel_to_max"),
                golden.tolerance("grad_abs"));
    }

    private static void checkDecisions(GoldenCase golden) {
        double tolerance = golden.tolerance("logits_abs");
        try (var task = new GoldenTask(golden);
                var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            TaskObjective objective = task.objective;
            assertThat(objective.negatives())
                    .isEqualTo(GoldenTask.strings(golden.json().required("non_overlap_names")));
            Tensor all = Tensors.concat(0, task.fused(), task.vocabulary.of(objective.negatives()));
            Tensor views = task.views();
            Tensor logits = objective.byTask(views, all);
            assertClose("logits by task", logits, golden.tensor("expect.stage2.visual_logits"), tolerance);
            assertClose(
                    "logits of plain CLIP",
                    objective.plain(views, all),
                    golden.tensor("expect.stage2.cls_logits"),
                    tolerance);
            assertThat(Tensors.toLongs(TaskObjective.wrong(logits, task.labels())))
                    .containsExactly(golden.tensor("expect.stage2.wrong").toLongs());

            int own = task.classNames.size();
            EnergyMargin margin = objective.margin();
            Tensor current = margin.energy(logits.narrow(1, 0, own));
            assertClose("energy", current, golden.tensor("expect.stage2.E_cur"), tolerance);
            for (int t = 0; t < objective.negativesByTask().size(); t++) {
                Tensor columns = Tensors.indices(objective.negativesByTask().get(t));
                EnergyMargin.Decision decision = margin.decide(
                        current,
                        logits.narrow(1, own, objective.negatives().size()).index_select(1, columns));
                assertClose(
                        "energy of task " + t,
                        decision.energy().unsqueeze(0),
                        golden.tensor("expect.stage2.E_task").rows(t, t + 1),
                        tolerance);
                assertClose(
                        "threshold of task " + t,
                        decision.threshold().unsqueeze(0),
                        golden.tensor("expect.stage2.gamma").rows(t, t + 1),
                        tolerance);
                assertThat(Tensors.toLongs(decision.suitable()))
                        .containsExactly(golden.tensor("expect.stage2.suitable")
                                .rows(t, t + 1)
                                .toLongs());
            }
        }
    }

    private static void checkScores(GoldenCase golden) {
        List<String> candidates = GoldenTask.strings(golden.json().required("eval_candidates"));
        try (var task = new GoldenTask(golden);
                var scores = PromptScores.of(task.learned, candidates);
                var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            task.vocabulary.add(
                    candidates.stream()
                            .filter(name -> !task.vocabulary.has(name))
                            .toList(),
                    task.tensor("input.unseen_vocab"));
            assertClose(
                    "scores",
                    scores.of(task.views(), task.vocabulary.of(candidates), task.logitScale),
                    golden.tensor("expect.eval_logits"),
                    golden.tolerance("logits_abs"));
        }
    }

    private static void checkTraining(GoldenCase golden) {
        JsonNode config = golden.config();
        JsonNode adam = config.required("adam");
        float[] losses = golden.tensor("expect.train.loss").toFloats();
        try (var task = new GoldenTask(golden)) {
            int current = task.prompts.tasks() - 1;
            var groups = List.of(
                    new ParameterGroup(
                            "prompt", new LinkedHashMap<>(Map.of("prompt", task.prompts.of(current))), 1, false),
                    new ParameterGroup("updates", task.lora.parameters(), 1, false));
            var settings = new AdamWConfig(
                    adam.required("betas").get(0).asDouble(),
                    adam.required("betas").get(1).asDouble(),
                    adam.required("eps").asDouble(),
                    0);
            try (var optimizer = new AdamW(groups, settings)) {
                var step = new OptimizerStep(groups, optimizer, Precision.FLOAT32, Optional.empty());
                for (int s = 0; s < config.required("steps").asInt(); s++) {
                    int stage = config.required("train_stages").get(s).asInt();
                    OptimizerStep.Outcome outcome = step.take(
                            "step " + s,
                            List.of(() -> task.loss(stage)),
                            adam.required("lr").asDouble());
                    task.acceptProposal();
                    assertThat(outcome.loss())
                            .as("loss of step %d", s)
                            .isCloseTo(losses[s], within(golden.tolerance("train_loss_abs")));
                }
            }
            try (var _ = new TensorScope()) {
                assertClose(
                        "vocabulary",
                        task.vocabulary.of(task.vocabularyNames),
                        golden.tensor("expect.train.vocab"),
                        golden.tolerance("vocab_abs"));
                StoredTensor prompts = golden.tensor("expect.train.task_prompt");
                for (int t = 0; t <= current; t++) {
                    assertClose(
                            "prompt of task " + t,
                            task.prompts.of(t),
                            prompts.rows(t, t + 1),
                            golden.tolerance("prompt_abs"));
                }
            }
        }
    }
}
