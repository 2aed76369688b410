package dev.perennial.method.moe;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static dev.perennial.clip.golden.Closeness.assertCloseToMax;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class MixtureGoldenTest {
    /** Below this a gradient is rounding. */
    private static final double GRADIENT_FLOOR = 1e-6;

    @TestFactory
    Stream<DynamicTest> blocksByEachRouter() {
        return tests("moe-adapters-block", golden -> {
            for (int t = 0; golden.has("expect.task" + t + ".out"); t++) {
                int task = t;
                check(golden, "task" + t, block -> chosen(block, task, Optional.empty()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> blocksByANoisyRouter() {
        return tests("moe-adapters-block", golden -> {
            for (int t = 0; golden.has("expect.task" + t + ".out"); t++) {
                int task = t;
                if (golden.has("expect.train_task" + t + ".out")) {
                    check(golden, "train_task" + t, block -> chosen(block, task, noise(golden)));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> blocksWithNothingAttached() {
        return tests("moe-adapters-block", golden -> {
            try (var block = new GoldenBlock(golden);
                    var _ = new TensorScope()) {
                Tensor input = input(golden);
                checkOutput(golden, "zeroshot", block.output(input, Optional.empty()), input);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> blocksOfClassIncrements() {
        return tests("moe-adapters-cil-block", golden -> {
            check(golden, "clean", block -> chosen(block, 0, Optional.empty()));
            check(golden, "noisy", block -> chosen(block, 0, noise(golden)));
        });
    }

    private static Stream<DynamicTest> tests(String kind, Consumer<GoldenCase> check) {
        return GoldenCases.ofKind(kind)
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check.accept(golden)));
    }

    private static Optional<Tensor> noise(GoldenCase golden) {
        return Optional.of(GoldenClip.tensor(golden.tensor("input.noise_eps")));
    }

    private static Tensor input(GoldenCase golden) {
        return GoldenClip.tensor(golden.tensor("input.x")).set_requires_grad(true);
    }

    private static Function<Tensor, Gates> chosen(GoldenBlock block, int task, Optional<Tensor> noise) {
        Router router = block.mixture.routers.get(task);
        int topK = block.mixture.topK;
        return token ->
                noise.map(epsilon -> router.gates(token, epsilon, topK)).orElseGet(() -> router.gates(token, topK));
    }

    private static void check(GoldenCase golden, String name, Function<GoldenBlock, Function<Tensor, Gates>> choosing) {
        try (var block = new GoldenBlock(golden);
                var _ = new TensorScope()) {
            Tensor input = input(golden);
            Function<Tensor, Gates> choice = choosing.apply(block);
            List<Gates> met = new ArrayList<>();
            Tensor output = block.output(input, Optional.of((residual, _) -> {
                Gates gates = choice.apply(residual.select(1, 0));
                gates.weights().retainReference();
                met.add(gates);
                return block.mixture.mixture.mixed(residual, gates, 0);
            }));
            checkGates(golden, "expect." + name + ".", met.getFirst());
            checkOutput(golden, name, output, input);
            checkGradients(golden, "expect." + name + ".", block.mixture.parameters);
        }
    }

    private static void checkOutput(GoldenCase golden, String name, Tensor output, Tensor input) {
        assertClose(name, output, golden.tensor("expect." + name + ".out"), golden.tolerance("out_abs"));
        output.mul(GoldenClip.tensor(golden.tensor("input.cotangent"))).sum().backward();
        assertGradient(golden, "expect." + name + ".grad.x", input);
        output.close();
    }

    private static void checkGates(GoldenCase golden, String prefix, Gates gates) {
        assertClose("gates", gates.weights(), golden.tensor(prefix + "gates"), golden.tolerance("gates_abs"));
        if (golden.has(prefix + "choose_count")) {
            assertThat(gates.counts())
                    .containsExactly(golden.tensor(prefix + "choose_count").toLongs());
        }
        gates.weights().close();
    }

    private static void checkGradients(GoldenCase golden, String prefix, Map<String, Tensor> parameters) {
        parameters.forEach((name, tensor) -> {
            if (golden.has(prefix + "grad." + name)) {
                assertGradient(golden, prefix + "grad." + name, tensor);
            }
        });
        if (golden.has(prefix + "has_grad")) {
            long[] hasGradient = golden.tensor(prefix + "has_grad").toLongs();
            for (int e = 0; e < hasGradient.length; e++) {
                Tensor weight = parameters.get("adaptmlp_list." + e + ".up_proj.weight");
                assertThat(weight).isNotNull();
                assertThat(weight.grad().defined()).as("expert %d", e).isEqualTo(hasGradient[e] == 1);
            }
        }
    }

    static void assertGradient(GoldenCase golden, String name, Tensor tensor) {
        StoredTensor expected = golden.tensor(name);
        if (tensor.grad().defined()) {
            assertCloseToMax(name, tensor.grad(), expected, golden.tolerance("grad_rel_to_max"), GRADIENT_FLOOR);
        } else {
            assertThat(expected.toFloats()).as(name).containsOnly(0);
        }
    }
}
