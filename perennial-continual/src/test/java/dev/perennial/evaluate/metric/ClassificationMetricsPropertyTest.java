package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ClassificationMetricsPropertyTest {
    @Property(tries = 100)
    void topKGrowsAndTheRecallsExplainTheAccuracy(
            @ForAll @IntRange(min = 1, max = 9) int classes,
            @ForAll @IntRange(min = 1, max = 60) int samples,
            @ForAll long seed) {
        var random = new Random(seed);
        var tally = new ClassificationTally(classes);
        int[] perClass = new int[classes];
        for (int i = 0; i < samples; i++) {
            float[] scores = new float[classes];
            for (int c = 0; c < classes; c++) {
                scores[c] = random.nextInt(4);
            }
            int label = random.nextInt(classes);
            perClass[label]++;
            tally.add(scores, label);
        }
        ClassificationMetrics metrics = tally.metrics();
        for (int k = 1; k < classes; k++) {
            assertThat(metrics.topK(k + 1).orElseThrow())
                    .isGreaterThanOrEqualTo(metrics.topK(k).orElseThrow());
        }
        assertThat(metrics.topK(classes)).hasValue(100);
        double weighted = 0;
        for (int c = 0; c < classes; c++) {
            weighted += metrics.recall(c).orElse(0) * perClass[c] / samples;
        }
        assertThat(metrics.top1().orElseThrow()).isCloseTo(weighted, within(1e-9));
    }
}
