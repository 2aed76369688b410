package dev.perennial.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenCases;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The metrics against numbers that the original public code computes. */
@Tag("golden")
class MetricsGoldenTest {
    @TestFactory
    Stream<DynamicTest> transferAverageAndLastOfReleasedMatrices() {
        return each("metrics-mtil", golden -> {
            for (int m = 0; golden.has("matrix" + m + ".expect.matrix"); m++) {
                String at = "matrix" + m + ".expect.";
                double[][] cells = rows(golden, at + "matrix");
                List<String> names = IntStream.range(0, cells.length)
                        .mapToObj(i -> "set " + i)
                        .toList();
                ResultMatrix matrix = ResultMatrix.square(names, cells);
                double tolerance = golden.tolerance("abs");
                near(columns(ContinualMetrics.transfer(matrix)), golden, at + "transfer", tolerance);
                near(columns(ContinualMetrics.average(matrix)), golden, at + "avg", tolerance);
                near(columns(ContinualMetrics.last(matrix)), golden, at + "last", tolerance);
                near(columns(ContinualMetrics.seenAverage(matrix)), golden, at + "seen_average", tolerance);
                near(columns(ContinualMetrics.learn(matrix)), golden, at + "learn", tolerance);
                double[] summary = Stream.of(
                                ContinualMetric.TRANSFER,
                                ContinualMetric.AVERAGE,
                                ContinualMetric.LAST,
                                ContinualMetric.SEEN_AVERAGE,
                                ContinualMetric.LEARN,
                                ContinualMetric.BACKWARD_TRANSFER)
                        .mapToDouble(metric -> metric.of(matrix).mean().orElseThrow())
                        .toArray();
                near(summary, golden, at + "summary", tolerance);
                printedByTheOriginal(golden.json().path("matrices").path(m), summary);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> classIncrementsOnlineStreamsLanguagesAndTime() {
        return each("metrics-cil-tic", golden -> {
            double tolerance = golden.tolerance("abs");
            for (int r = 0; golden.has("run" + r + ".input.acc"); r++) {
                var run = ClassIncrementMetrics.of(doubles(golden, "run" + r + ".input.acc"));
                near(new double[] {run.average()}, golden, "run" + r + ".expect.avg", tolerance);
                near(new double[] {run.last()}, golden, "run" + r + ".expect.last", tolerance);
            }
            predictionsAreCountedOverPooledImages(golden, tolerance);

            near(
                    new double[] {OnlineMetrics.areaUnderCurve(doubles(golden, "online.input.periodic_acc"))},
                    golden,
                    "online.expect.a_auc",
                    tolerance);
            near(
                    new double[] {
                        OnlineMetrics.lastForgetting(rows(golden, "online.input.class_acc_after_task"))
                                .orElseThrow()
                    },
                    golden,
                    "online.expect.f_last",
                    tolerance);

            var languages = LanguageMetrics.of(rows(golden, "cll.input.table"));
            near(unboxed(languages.averageRecall()), golden, "cll.expect.AR", tolerance);
            near(unboxed(languages.forgetting()), golden, "cll.expect.F", tolerance);
            near(unboxed(languages.firstLanguageForgetting()), golden, "cll.expect.Fen", tolerance);

            for (int t = 0; golden.has("tic" + t + ".input.matrix"); t++) {
                var time = TimeMetrics.of(rows(golden, "tic" + t + ".input.matrix"));
                near(
                        new double[] {time.inDomain(), time.backward(), time.forward()},
                        golden,
                        "tic" + t + ".expect",
                        tolerance);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> retrievalInBothDirections() {
        return each("metrics-retrieval", golden -> {
            float[][] images = floatRows(golden, "input.image");
            float[][] texts = floatRows(golden, "input.text");
            int[] imageOfText = ints(golden, "input.text_image_index");
            int[] ks = golden.config()
                    .required("k")
                    .valueStream()
                    .mapToInt(JsonNode::asInt)
                    .toArray();
            double tolerance = golden.tolerance("recall_abs");

            RetrievalMetrics metrics = RetrievalMetrics.ofFeatures(images, texts, imageOfText);
            assertThat(metrics.textToImage().ranks().map(rank -> rank - 1))
                    .containsExactly(boxed(ints(golden, "expect.text_to_image_rank")));
            assertThat(metrics.imageToText().ranks().map(rank -> rank - 1))
                    .containsExactly(boxed(ints(golden, "expect.image_to_text_rank")));
            near(recalls(metrics.textToImage(), ks), golden, "expect.text_to_image_recall", tolerance);
            near(recalls(metrics.imageToText(), ks), golden, "expect.image_to_text_recall", tolerance);
            near(new double[] {metrics.meanRecall(ks) / 100}, golden, "expect.r_mean", tolerance);

            float[] scores = golden.tensor("expect.scores").toFloats();
            RetrievalMetrics fromScores = RetrievalMetrics.ofScores(
                    images.length,
                    imageOfText,
                    (from, to) -> MemorySegment.ofArray(
                            Arrays.copyOfRange(scores, from * images.length, to * images.length)));
            assertThat(fromScores.textToImage().ranks())
                    .containsExactly(boxed(metrics.textToImage().ranks().toArray()));

            float[][] firstCaptions = IntStream.range(0, images.length)
                    .map(image -> IntStream.range(0, texts.length)
                            .filter(text -> imageOfText[text] == image)
                            .findFirst()
                            .orElseThrow())
                    .mapToObj(text -> texts[text])
                    .toArray(float[][]::new);
            var paired = RetrievalMetrics.ofFeatures(
                    images, firstCaptions, IntStream.range(0, images.length).toArray());
            near(pairedMetrics(paired.imageToText(), ks), golden, "expect.paired.image_to_text", tolerance);
            near(pairedMetrics(paired.textToImage(), ks), golden, "expect.paired.text_to_image", tolerance);
        });
    }

    @TestFactory
    Stream<DynamicTest> zeroShotAccuracy() {
        return each("metrics-zero-shot", golden -> {
            float[][] logits = floatRows(golden, "expect.logits");
            int[] labels = ints(golden, "input.labels");
            var tally = new ClassificationTally(logits[0].length);
            for (int i = 0; i < labels.length; i++) {
                tally.add(logits[i], labels[i]);
            }
            ClassificationMetrics metrics = tally.metrics();
            assertThat(metrics.samples()).isEqualTo(labels.length);
            near(
                    new double[] {metrics.top1().orElseThrow(), metrics.topK(5).orElseThrow()},
                    golden,
                    "expect.top1_top5",
                    1e-4);
        });
    }

    @TestFactory
    Stream<DynamicTest> clipBlindPairs() {
        return each("metrics-mmvp", golden -> {
            float[] logits = golden.tensor("input.logits").toFloats();
            int[] ids = ints(golden, "input.question_ids");
            List<String> patterns = golden.json()
                    .required("categories")
                    .valueStream()
                    .map(JsonNode::asString)
                    .toList();
            int size = ids.length / 2 / patterns.size();
            var pairs = new ArrayList<ScoredPair>();
            for (int p = 0; p < ids.length / 2; p++) {
                pairs.add(new ScoredPair(
                        patterns.get(p / size),
                        ids[2 * p],
                        ids[2 * p + 1],
                        new ScoredPair.Scores(logits[4 * p], logits[4 * p + 1], logits[4 * p + 2], logits[4 * p + 3])));
            }
            assertThat(pairs.stream()
                            .flatMapToInt(pair -> IntStream.of(pair.firstChoice() - 1, pair.secondChoice() - 1)))
                    .containsExactly(boxed(ints(golden, "expect.pred")));
            assertThat(pairs.stream()
                            .flatMapToInt(pair -> IntStream.of(pair.firstAnswer() - 1, pair.secondAnswer() - 1)))
                    .containsExactly(boxed(ints(golden, "expect.gt")));
            assertThat(pairs.stream().mapToInt(pair -> pair.textToImageRight() ? 1 : 0))
                    .containsExactly(boxed(ints(golden, "expect.pair_correct")));
            PairMetrics metrics = PairMetrics.of(pairs);
            double tolerance = golden.tolerance("abs");
            assertThat(metrics.patterns().sequencedKeySet()).containsExactlyElementsOf(patterns);
            near(
                    unboxed(List.copyOf(metrics.patterns().sequencedValues())),
                    golden,
                    "expect.category_accuracy",
                    tolerance);
            near(new double[] {metrics.average()}, golden, "expect.average", tolerance);
            near(new double[] {metrics.questionAccuracy()}, golden, "expect.question_accuracy", tolerance);
        });
    }

    private static void printedByTheOriginal(JsonNode matrix, double[] summary) {
        JsonNode printed = matrix.path("rounded_printed_by_official");
        if (printed.isObject()) {
            assertThat(summary[0]).isEqualTo(printed.required("transfer").asDouble(), within(0.0501));
            assertThat(summary[1]).isEqualTo(printed.required("avg").asDouble(), within(0.0501));
            assertThat(summary[2]).isEqualTo(printed.required("last").asDouble(), within(0.0501));
        }
    }

    private static void predictionsAreCountedOverPooledImages(GoldenCase golden, double tolerance) {
        int[] classes = golden.json()
                .required("classes_per_task")
                .valueStream()
                .mapToInt(JsonNode::asInt)
                .toArray();
        List<int[]> predictions = IntStream.range(0, classes.length)
                .mapToObj(task -> ints(golden, "pred.input.predictions_after_task" + task))
                .toList();
        var metrics = ClassIncrementMetrics.of(classes, ints(golden, "pred.input.labels"), predictions);
        near(unboxed(metrics.accuracies()), golden, "pred.expect.acc", tolerance);
        near(new double[] {metrics.average()}, golden, "pred.expect.avg", tolerance);
        near(new double[] {metrics.last()}, golden, "pred.expect.last", tolerance);
        for (int task = 0; task < classes.length; task++) {
            near(unboxed(metrics.perTask().get(task)), golden, "pred.expect.acc_per_task_after" + task, tolerance);
        }
    }

    private static Stream<DynamicTest> each(String kind, Consumer<GoldenCase> test) {
        return GoldenCases.ofKind(kind)
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> test.accept(golden)));
    }

    private static double[] recalls(RetrievalRanks ranks, int[] ks) {
        return Arrays.stream(ks).mapToDouble(k -> ranks.recallAt(k) / 100).toArray();
    }

    private static double[] pairedMetrics(RetrievalRanks ranks, int[] ks) {
        return IntStream.concat(IntStream.of(-2, -1), Arrays.stream(ks))
                .mapToDouble(k -> switch (k) {
                    case -2 -> ranks.meanRank();
                    case -1 -> ranks.medianRank();
                    default -> ranks.recallAt(k) / 100;
                })
                .toArray();
    }

    private static void near(double[] actual, GoldenCase golden, String expected, double tolerance) {
        assertThat(actual).as(expected).containsExactly(doubles(golden, expected), within(tolerance));
    }

    private static double[] columns(PerDataSet metric) {
        return unboxed(List.copyOf(metric.values().sequencedValues()));
    }

    private static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Integer[] boxed(int[] values) {
        return Arrays.stream(values).boxed().toArray(Integer[]::new);
    }

    private static double[] doubles(GoldenCase golden, String name) {
        float[] values = golden.tensor(name).toFloats();
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static int[] ints(GoldenCase golden, String name) {
        return Arrays.stream(golden.tensor(name).toLongs())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static double[][] rows(GoldenCase golden, String name) {
        double[] values = doubles(golden, name);
        int width = Math.toIntExact(golden.tensor(name).shape()[1]);
        return IntStream.range(0, values.length / width)
                .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                .toArray(double[][]::new);
    }

    private static float[][] floatRows(GoldenCase golden, String name) {
        float[] values = golden.tensor(name).toFloats();
        int width = Math.toIntExact(golden.tensor(name).shape()[1]);
        return IntStream.range(0, values.length / width)
                .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                .toArray(float[][]::new);
    }
}
