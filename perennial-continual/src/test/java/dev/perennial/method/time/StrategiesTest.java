package dev.perennial.method.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.Part;
import dev.perennial.method.TinyContext;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class StrategiesTest {
    private static final Set<Part> PARTS = Set.of(Part.IMAGE_PROJECTION);
    private static final int SIZE = 12;
    private static final List<Experience> STREAM = IntStream.range(0, 7)
            .mapToObj(step -> new Experience(
                    step,
                    "step " + step,
                    Pictures.ofColours("set " + step, SIZE, "red", "green"),
                    new Supervision.Captions(List.of("en"))))
            .toList();

    private static MethodContext context(long seed) {
        return TinyContext.of(5, new RandomStreams(seed), STREAM);
    }

    /** Lets a method pass through the stream without learning and returns how many samples of each step it would learn, step by step. */
    private static List<Map<String, Integer>> learned(Method method) {
        List<Map<String, Integer>> all = new ArrayList<>();
        for (Experience step : STREAM) {
            var plan = (LearningPlan.Gradients) method.begin(step);
            Dataset data = plan.other().orElse(step).train();
            Map<String, Integer> counts = new TreeMap<>();
            for (int i = 0; i < data.size(); i++) {
                String key = data.sample(i).key();
                String set = key.contains("/")
                        ? key.substring(0, key.indexOf('/'))
                        : step.train().info().title();
                counts.merge(set, 1, Integer::sum);
            }
            all.add(counts);
            method.end();
        }
        return all;
    }

    private static ReplayMemory samples(long count) {
        return new ReplayMemory(Optional.of(count), Optional.empty(), Optional.empty());
    }

    @Test
    void cumulativeAllLearnsEverythingSoFar() {
        try (Method method = new CumulativeAllProvider()
                .create(
                        TinyClip.create(5),
                        new CumulativeOptions(PARTS, 0, Optional.empty(), List.of(1.0, 2.5)),
                        context(1))) {
            List<Map<String, Integer>> learned = learned(method);
            for (int step = 0; step < STREAM.size(); step++) {
                assertThat(learned.get(step)).hasSize(step + 1).containsValue(SIZE);
                assertThat(sum(learned.get(step))).isEqualTo((step + 1) * SIZE);
            }
        }
        try (Method method = new CumulativeAllProvider()
                .create(
                        TinyClip.create(5),
                        new CumulativeOptions(PARTS, 0, Optional.empty(), List.of(1.0, 2.5)),
                        context(1))) {
            List<Double> budgets = new ArrayList<>();
            for (Experience step : STREAM.subList(0, 3)) {
                budgets.add(((LearningPlan.Gradients) method.begin(step)).budget());
                method.end();
            }
            assertThat(budgets).containsExactly(1.0, 2.5, 2.5);
        }
    }

    @Test
    void memoriesHoldTheirSizeAndWhatWasDiscardedNeverComesBack() {
        var options = new ReplayedOptions(PARTS, 0, Optional.empty(), List.of(), samples(24));
        try (Method equal = new CumulativeEqualProvider().create(TinyClip.create(5), options, context(1));
                Method exp = new CumulativeExpProvider().create(TinyClip.create(5), options, context(1))) {
            List<Map<String, Integer>> even = learned(equal);
            assertThat(sum(even.get(6))).isEqualTo(24 + SIZE);
            assertThat(even.get(6).values()).containsExactlyInAnyOrder(4, 4, 4, 4, 4, 4, SIZE);
            List<Map<String, Integer>> falling = learned(exp);
            assertThat(falling.get(6).values()).containsExactlyInAnyOrder(1, 1, 1, 3, 6, 12, SIZE);
        }
    }

    @Test
    void aMemoryInBytesHoldsItsSize() {
        long bytes = STREAM.getFirst().train().sample(0).image().read().length;
        var memory = new ReplayMemory(Optional.empty(), Optional.of(5 * bytes + bytes / 2), Optional.empty());
        try (Method method = new CumulativeEqualProvider()
                .create(
                        TinyClip.create(5),
                        new ReplayedOptions(PARTS, 0, Optional.empty(), List.of(), memory),
                        context(1))) {
            method.begin(STREAM.getFirst());
            method.end();
            var plan = (LearningPlan.Gradients) method.begin(STREAM.get(1));
            Dataset data = plan.other().orElseThrow().train();
            long kept = IntStream.range(0, data.size() - SIZE)
                    .mapToLong(i -> data.sample(i).image().read().length)
                    .sum();
            assertThat(kept).isBetween(4 * bytes, 5 * bytes + bytes / 2);
        }
    }

    @Test
    void theOracleBeginsAnewWithTheStepsOfAll() {
        var options = new OracleProvider.Options(PARTS, 0, OracleProvider.From.PRETRAINED);
        Clip student = TinyClip.create(5);
        try (Method method = new OracleProvider().create(student, options, context(1));
                var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            float[] pretrained = Tensors.toFloats(student.parameters().get("visual.proj"));
            method.begin(STREAM.getFirst());
            student.parameters().get("visual.proj").add_(new Scalar(1));
            method.end();
            var plan = (LearningPlan.Gradients) method.begin(STREAM.get(1));
            assertThat(Tensors.toFloats(student.parameters().get("visual.proj")))
                    .isEqualTo(pretrained);
            assertThat(plan.budget()).isEqualTo(2);
            assertThat(plan.other().orElseThrow().train().size()).isEqualTo(2 * SIZE);
        }
    }

    @Test
    void patchingTakesTheMixtureThatIsBestOnWhatWasHeldOut() {
        var options = new PatchingProvider.Options(
                PARTS, 0, Optional.empty(), List.of(1.0, 0.5, 0.0), new PatchingProvider.HeldOut(0.5, 100));
        Clip student = TinyClip.create(5);
        MethodContext context = context(1);
        try (Method method = new PatchingProvider().create(student, options, context);
                var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            Tensor weight = student.parameters().get("visual.proj");
            List<Dataset> heldOut = new ArrayList<>();
            heldOut.add(leftOut(method, STREAM.getFirst()));
            method.end();
            Tensor old = weight.clone();
            heldOut.add(leftOut(method, STREAM.get(1)));
            weight.copy_(old.mul(new Scalar(-1)));
            method.end();
            double chosen = score(student, context, heldOut);
            for (double share : new double[] {1, 0.5, 0}) {
                weight.copy_(old.mul(new Scalar(1 - 2 * share)));
                assertThat(score(student, context, heldOut)).isLessThanOrEqualTo(chosen);
            }
        }
    }

    private static double score(Clip student, MethodContext context, List<Dataset> heldOut) {
        return heldOut.stream()
                .mapToDouble(dataset ->
                        new HeldOutScore(student, context).of(dataset, new Supervision.Captions(List.of("en"))))
                .sum();
    }

    /** Begins a step and returns those of its samples that it does not learn. */
    private static Dataset leftOut(Method method, Experience step) {
        var plan = (LearningPlan.Gradients) method.begin(step);
        Dataset learned = plan.other().orElseThrow().train();
        List<String> keys = IntStream.range(0, learned.size())
                .mapToObj(i -> learned.sample(i).key())
                .toList();
        Dataset rest = step.train().filter(sample -> !keys.contains(sample.key()));
        assertThat(rest.size()).isEqualTo(SIZE / 2);
        return rest;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
