package dev.perennial.clip;

import static dev.perennial.clip.golden.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ClassEmbeddingsTest {
    @TestFactory
    @Tag("golden")
    Stream<DynamicTest> theEnsembleItsLogitsAndItsAccuracyEqualTheOriginal() {
        return GoldenCases.ofKind("metrics-zero-shot")
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }

    private static void check(GoldenCase golden) {
        try (var _ = new TensorScope()) {
            Tensor features = GoldenClip.tensor(golden.tensor("input.template_features"));
            Tensor prompts = Tensors.normalized(features.flatten(0, 1));
            int templates = (int) features.size(1);
            Tensor classifier = ClassEmbeddings.of(
                    texts -> prompts.index_select(0, indices(texts, templates)),
                    numbered((int) features.size(0), "%d"),
                    new PromptTemplates(numbered(templates, "%d of {}")));
            assertClose(
                    "classifier", classifier, golden.tensor("expect.classifier"), golden.tolerance("classifier_abs"));

            Tensor images = Tensors.normalized(GoldenClip.tensor(golden.tensor("input.image_features")));
            Tensor logits = images.matmul(classifier.t()).mul(new Scalar(100.0));
            assertClose("logits", logits, golden.tensor("expect.logits"), golden.tolerance("logits_abs"));

            float[] expected = golden.tensor("expect.top1_top5").toFloats();
            long[] labels = golden.tensor("input.labels").toLongs();
            assertThat(accuracy(Tensors.toRows(logits), labels, 1)).isEqualTo(expected[0]);
            assertThat(accuracy(Tensors.toRows(logits), labels, 5)).isEqualTo(expected[1]);
        }
    }

    @Test
    void manyPromptsAreEncodedInPartsThatChangeNothing() {
        try (var _ = new TensorScope()) {
            PromptTemplates templates = new PromptTemplates(numbered(70, "%d of {}"));
            List<Integer> parts = new ArrayList<>();
            Tensor rows = ClassEmbeddings.of(
                    texts -> {
                        parts.add(texts.size());
                        return lengthsAndOnes(texts);
                    },
                    numbered(10, "%d"),
                    templates);
            assertThat(parts).hasSizeGreaterThan(1).allMatch(size -> size <= 256);
            assertThat(parts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(700);
            Tensor alone = ClassEmbeddings.of(ClassEmbeddingsTest::lengthsAndOnes, List.of("7"), templates);
            assertThat(Tensors.toRows(rows)[7]).isEqualTo(Tensors.toRows(alone)[0]);
        }
    }

    /** Prompts read {@code <template> of <class>}. */
    private static Tensor indices(List<String> prompts, int templates) {
        return Tensors.indices(prompts.stream()
                .mapToInt(prompt -> {
                    String[] words = prompt.split(" of ");
                    return Integer.parseInt(words[1]) * templates + Integer.parseInt(words[0]);
                })
                .toArray());
    }

    private static Tensor lengthsAndOnes(List<String> texts) {
        float[] rows = new float[2 * texts.size()];
        for (int i = 0; i < texts.size(); i++) {
            rows[2 * i] = texts.get(i).length();
            rows[2 * i + 1] = 1;
        }
        return Tensors.normalized(Tensors.of(rows, texts.size(), 2));
    }

    private static List<String> numbered(int count, String format) {
        return IntStream.range(0, count).mapToObj(format::formatted).toList();
    }

    /** Percent of the rows in which fewer than {@code k} classes score above the true one. */
    private static float accuracy(float[][] logits, long[] labels, int k) {
        long right = IntStream.range(0, labels.length)
                .filter(i -> {
                    float own = logits[i][(int) labels[i]];
                    return IntStream.range(0, logits[i].length)
                                    .filter(c -> logits[i][c] > own)
                                    .count()
                            < k;
                })
                .count();
        return 100f * right / labels.length;
    }
}
