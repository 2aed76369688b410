package dev.perennial.report;

import dev.perennial.evaluate.DataSetInfo;
import dev.perennial.evaluate.ExperienceInfo;
import dev.perennial.evaluate.ModelInfo;
import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.evaluate.PredictionSample;
import dev.perennial.evaluate.PredictionSample.Prediction;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.Provenance;
import dev.perennial.evaluate.RunCosts;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import dev.perennial.evaluate.Thumbnail;
import dev.perennial.evaluate.alignment.AlignmentHistory;
import dev.perennial.evaluate.alignment.AlignmentMeasure;
import dev.perennial.evaluate.alignment.AlignmentRow;
import dev.perennial.evaluate.anytime.AnytimeHistory;
import dev.perennial.evaluate.anytime.AnytimePoint;
import dev.perennial.evaluate.anytime.ArrivalCounts;
import dev.perennial.evaluate.anytime.SessionAccuracy;
import dev.perennial.evaluate.diagnosis.DiagnosisHistory;
import dev.perennial.evaluate.diagnosis.DiagnosisMeasure;
import dev.perennial.evaluate.diagnosis.DiagnosisRow;
import dev.perennial.evaluate.metric.ComputeMetric;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Made-up runs that look like real ones; {@link #main} writes a report of them to look at. */
final class SampleRuns {
    static final List<String> TASKS =
            List.of("Aircraft", "Caltech101", "DTD", "EuroSAT", "Flowers", "Food", "OxfordPet", "StanfordCars");
    private static final List<String> SETS =
            Stream.concat(TASKS.stream(), Stream.of("held-out objects")).toList();
    private static final double[] ZERO_SHOT = {24.3, 88.4, 44.6, 54.9, 71.0, 88.5, 89.0, 64.7, 61.2};
    private static final double[] LEARNED = {55.1, 94.2, 76.2, 97.8, 96.3, 92.2, 95.3, 85.8, 61.2};

    private SampleRuns() {}

    /** Writes a report to look at, to the file that is the only argument. */
    public static void main(String[] arguments) {
        List<RunResults> runs = List.of(
                online(diagnosed(run("finetune", "finetune", Protocol.TASK_AWARE, 0.45, 149_620_737))),
                run("lwf-seed0", "lwf", Protocol.TASK_AWARE, 0.2, 149_620_737),
                run("zscl", "zscl", Protocol.TASK_AWARE, 0.1, 149_620_737),
                run("moe-adapters", "moe-adapters", Protocol.TASK_AWARE, 0.04, 59_800_000),
                run("moe-adapters-pooled", "moe-adapters", Protocol.POOLED, 0.08, 59_800_000));
        Report.write(runs, Path.of(arguments[0]));
    }

    /** A run that loses a share of what it knows at every experience. */
    static RunResults run(String name, String method, Protocol protocol, double loss, long trainable) {
        ResultMatrix matrix = matrix(loss, name.hashCode());
        RunSummary summary = new RunSummary(
                name,
                method,
                protocol,
                new ModelInfo("openai/clip-vit-base-patch16", "5806e77cd80f8b59890b7e101eabd078".repeat(2)),
                "mtil-8",
                TASKS.stream()
                        .map(task -> new ExperienceInfo(task, List.of(task)))
                        .toList(),
                SETS.stream()
                        .map(set -> new DataSetInfo(set, 1000 + set.length(), 10 + set.length(), "9f86d081".repeat(8)))
                        .toList(),
                ContinualMetric.means(matrix),
                Arrays.stream(ContinualMetric.values())
                        .map(ContinualMetric::definition)
                        .toList(),
                Map.of("Caltech101", Map.of("Mean per-class recall", 90.1)),
                new RunCosts(5321 + 4000 * loss, 4100, 1100, 18.4, (long) (3.2 * (1L << 30) * (1 + loss))),
                new ParameterCounts(
                        trainable,
                        149_620_737,
                        List.of(
                                new ParameterCounts.Group("image tower", trainable / 2),
                                new ParameterCounts.Group("text tower", trainable - trainable / 2))),
                new Provenance(
                        7,
                        "cc9ed861d8e1f1e0a4ce29f03a4b6f3b9b0e4b11",
                        "2c26b46b68ffc68f".repeat(4),
                        Map.of("perennial", "0.1.0", "java", "25", "pytorch", "2.10.0")));
        return new RunResults(summary, matrix, samples(loss, name.hashCode()), alignment(loss));
    }

    /** The same run with what it computed, in 10^12 multiply-adds. */
    static RunResults computed(RunResults run, double compute) {
        RunSummary of = run.summary();
        Map<String, Double> metrics = new LinkedHashMap<>(of.metrics());
        metrics.put(ComputeMetric.COMPUTE.definition().key(), compute);
        var summary = new RunSummary(
                of.run(),
                of.method(),
                of.protocol(),
                of.model(),
                of.stream(),
                of.experiences(),
                of.dataSets(),
                metrics,
                of.definitions(),
                of.perDataSet(),
                of.costs(),
                of.parameters(),
                of.provenance());
        return new RunResults(summary, run.matrix(), run.samples(), run.alignment());
    }

    /** The same run with what was measured of its towers in 500 steps. */
    static RunResults diagnosed(RunResults run) {
        List<DiagnosisRow> rows = IntStream.rangeClosed(1, 500)
                .mapToObj(step -> new DiagnosisRow(
                        TASKS.getFirst(),
                        step,
                        64L * step,
                        Map.of(
                                DiagnosisMeasure.IMAGE_GRADIENT,
                                1 + Math.sin(step / 9.0) / 2,
                                DiagnosisMeasure.TEXT_GRADIENT,
                                2 + Math.sin(step / 9.0),
                                DiagnosisMeasure.IMAGE_ANGLE,
                                60 + step / 20.0,
                                DiagnosisMeasure.TEXT_ANGLE,
                                40 + step / 20.0,
                                DiagnosisMeasure.IMAGE_DRIFT,
                                step / 2000.0,
                                DiagnosisMeasure.TEXT_DRIFT,
                                step / 1000.0)))
                .toList();
        return new RunResults(
                run.summary(),
                run.matrix(),
                run.samples(),
                run.alignment(),
                new DiagnosisHistory(rows),
                run.anytime(),
                run.further(),
                run.tables());
    }

    /** The same run as if it had been over an online stream of which it dropped a tenth. */
    static RunResults online(RunResults run) {
        List<AnytimePoint> points = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> new AnytimePoint(
                        TASKS.get((i - 1) / 5),
                        i % 5 == 0,
                        new ArrivalCounts(1000L * i, 880L * i, 100L * i, 20L * i, i),
                        3 * i,
                        100 * i,
                        60 - i))
                .toList();
        return new RunResults(
                run.summary(),
                run.matrix(),
                run.samples(),
                run.alignment(),
                run.diagnosis(),
                new AnytimeHistory(points, List.of(new SessionAccuracy(TASKS.getFirst(), Map.of("cat", 50.0)))),
                run.further(),
                run.tables());
    }

    private static AlignmentHistory alignment(double loss) {
        return new AlignmentHistory(IntStream.rangeClosed(0, TASKS.size())
                .mapToObj(step -> new AlignmentRow(
                        step == 0 ? "zero-shot" : TASKS.get(step - 1),
                        Arrays.stream(AlignmentMeasure.values())
                                .collect(Collectors.toMap(
                                        measure -> measure,
                                        measure -> loss * step * measure.key().length()))))
                .toList());
    }

    private static ResultMatrix matrix(double loss, int seed) {
        var random = new Random(seed);
        var builder = ResultMatrix.builder(TASKS, SETS).zeroShot(ZERO_SHOT);
        double[] now = ZERO_SHOT.clone();
        for (int t = 0; t < TASKS.size(); t++) {
            for (int i = 0; i < now.length; i++) {
                double kept = 1 - loss * (0.4 + random.nextDouble()) / 3;
                now[i] = i == t ? LEARNED[i] - random.nextDouble() : Math.max(3, now[i] * kept);
            }
            builder.after(TASKS.get(t), now.clone());
        }
        return builder.build();
    }

    private static List<PredictionSample> samples(double loss, int seed) {
        var same = new Random(3);
        var own = new Random(seed);
        List<String> classes =
                List.of("red circle", "blue square", "green ring", "a very long class name of a car, 2012 model");
        var samples = new ArrayList<PredictionSample>();
        for (int i = 0; i < 8; i++) {
            String truth = classes.get(i % classes.size());
            String wrong = classes.get((i + 1 + same.nextInt(3)) % classes.size());
            boolean before = same.nextDouble() < 0.5;
            boolean after = own.nextDouble() > loss;
            samples.add(new PredictionSample(
                    SETS.get(i),
                    "test/" + i + ".png",
                    truth,
                    Thumbnail.of(picture(i, same)),
                    List.of(
                            new Prediction("zero-shot", before ? truth : wrong, 0.3 + same.nextDouble() / 2),
                            new Prediction(TASKS.get(i), truth, 0.9),
                            new Prediction("StanfordCars", after ? truth : wrong, 0.3 + own.nextDouble() / 1.5))));
        }
        return samples;
    }

    private static byte[] picture(int i, Random random) {
        var image = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(new Color(0xf2efe9));
        graphics.fillRect(0, 0, 96, 96);
        graphics.setColor(Color.getHSBColor(i / 4f, 0.55f, 0.75f));
        int at = 14 + random.nextInt(14);
        graphics.setStroke(new BasicStroke(9));
        switch (i % 4) {
            case 0 -> graphics.fillOval(at, at, 52, 52);
            case 1 -> graphics.fillRect(at, at, 52, 52);
            case 2 -> graphics.drawOval(at, at, 52, 52);
            default -> graphics.fillRoundRect(at - 8, at + 16, 70, 26, 20, 20);
        }
        graphics.dispose();
        try (var bytes = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
