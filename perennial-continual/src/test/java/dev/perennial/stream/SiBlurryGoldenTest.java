package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.tensor.MersenneTwister;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

@Tag("golden")
class SiBlurryGoldenTest {
    @TestFactory
    Stream<DynamicTest> samplesComeInTheOrderOfTheOriginalCode() {
        return GoldenCases.ofKind("sit-si-blurry").flatMap(golden -> {
            JsonNode configs = golden.json().required("configs");
            return Stream.iterate(0, i -> i < configs.size(), i -> i + 1)
                    .map(i -> DynamicTest.dynamicTest(golden.name() + " " + i, () -> check(golden, i)));
        });
    }

    private static void check(GoldenCase golden, int index) {
        JsonNode config = golden.json().required("configs").required(index);
        String prefix = "config" + index + ".";
        int[] targets = ints(golden.tensor(prefix + "targets").toLongs());
        var setting = new SiBlurry(
                config.required("tasks").asInt(),
                config.required("disjoint_percent").asInt(),
                config.required("blurry_percent").asInt(),
                config.required("rnd_NM").asBoolean());
        SiBlurry.Order order = setting.order(
                targets,
                config.required("classes").asInt(),
                new MersenneTwister(config.required("rng_seed").asLong()));
        for (int task = 0; task < setting.sessions(); task++) {
            assertThat(order.samples().get(task))
                    .as("task %d", task)
                    .containsExactly(
                            ints(golden.tensor(prefix + "expect.task" + task).toLongs()));
        }
        assertThat(lists(order.disjointClasses())).isEqualTo(lists(config.required("disjoint_classes")));
        assertThat(lists(order.blurryClasses())).isEqualTo(lists(config.required("blurry_classes")));
        assertThat(order.samples().stream().mapToInt(samples -> samples.length).sum())
                .isEqualTo(config.required("indices_used").asInt());
    }

    private static List<List<Integer>> lists(JsonNode classes) {
        return classes.valueStream()
                .map(task -> task.valueStream().map(JsonNode::asInt).toList())
                .toList();
    }

    private static List<List<Integer>> lists(List<int[]> classes) {
        return classes.stream()
                .map(task -> Arrays.stream(task).boxed().toList())
                .toList();
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }
}
