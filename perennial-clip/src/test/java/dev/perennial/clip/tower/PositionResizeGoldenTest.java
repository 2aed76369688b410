package dev.perennial.clip.tower;

import static dev.perennial.clip.golden.Closeness.assertClose;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("golden")
class PositionResizeGoldenTest {
    @TestFactory
    Stream<DynamicTest> resizedPositionsEqualOpenClips() {
        return GoldenCases.ofKind("clip-posembed-resize")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private static void check(GoldenCase golden) {
        int width = golden.config().required("width").asInt();
        golden.config().required("grids").forEach(pair -> {
            int from = pair.get(0).asInt();
            int to = pair.get(1).asInt();
            String name = "grid" + from + "_to_" + to + ".";
            float[] resized =
                    PositionResize.imageGrid(golden.tensor(name + "input").toFloats(), width, from, to);
            assertClose(name, resized, golden.tensor(name + "expect").toFloats(), golden.tolerance("abs"));
        });
        golden.config().required("text").forEach(pair -> {
            int from = pair.get(0).asInt();
            int to = pair.get(1).asInt();
            String name = "text" + from + "_to_" + to + ".";
            float[] resized = PositionResize.text(golden.tensor(name + "input").toFloats(), width, from, to);
            assertClose(name, resized, golden.tensor(name + "expect").toFloats(), golden.tolerance("abs"));
        });
    }
}
