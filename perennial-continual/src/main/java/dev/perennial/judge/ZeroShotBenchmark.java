package dev.perennial.judge;

import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.statistic.CalibrationError;
import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ConfigException;
import dev.perennial.run.Hashes;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Classification by class names alone, in one or several languages (Radford et al. 2021, arXiv 2103.00020): the prompts of a class are
 * embedded, normalised, averaged and normalised again.
 */
final class ZeroShotBenchmark implements Benchmark {
    private static final int BATCH = 64;

    private final BenchmarkSpec spec;
    private final Dataset dataset;
    private final List<ClassNames> vocabularies;

    private ZeroShotBenchmark(BenchmarkSpec spec, Dataset dataset, List<ClassNames> vocabularies) {
        this.spec = spec;
        this.dataset = dataset;
        this.vocabularies = vocabularies;
    }

    static Benchmark open(BenchmarkSpec spec, Dataset dataset, Path baseFolder) {
        if (dataset.classNames().isEmpty()) {
            throw new ConfigException("benchmark '" + spec.name().orElse(dataset.name())
                    + "' has no classes; name them with data.classes or data.class-attribute");
        }
        PromptTemplates templates = spec.templateSet()
                .map(PromptTemplates::named)
                .orElseGet(() -> dataset.templates().isEmpty()
                        ? PromptTemplates.of("a photo of a {}.")
                        : new PromptTemplates(dataset.templates()));
        List<ClassNames> vocabularies = new ArrayList<>();
        vocabularies.add(ClassNames.own(dataset.classNames(), templates));
        vocabularies.addAll(ClassNames.ofLanguages(spec, dataset.classNames(), templates, baseFolder));
        return new ZeroShotBenchmark(spec, dataset, vocabularies);
    }

    @Override
    public String name() {
        return spec.name().orElse(dataset.name());
    }

    @Override
    public BenchmarkKind kind() {
        return BenchmarkKind.ZERO_SHOT;
    }

    @Override
    public String hash() {
        return Hashes.sha256(dataset.hash() + "\n" + dataset.size() + "\n" + vocabularies);
    }

    @Override
    public BenchmarkResult judge(AdaptedModel model, JudgeProgress progress) {
        List<Measure> measures = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        BadSamples bad = new BadSamples();
        long done = 0;
        for (ClassNames vocabulary : vocabularies) {
            progress.at("classifying" + vocabulary.suffix(), ++done, vocabularies.size());
            measures.addAll(judge(model, vocabulary, bad));
            vocabulary.remark().ifPresent(remarks::add);
        }
        remarks.addAll(Embedder.leftOut(bad));
        return new BenchmarkResult(name(), kind(), hash(), measures, remarks);
    }

    private List<Measure> judge(AdaptedModel model, ClassNames vocabulary, BadSamples bad) {
        int threads = Runtime.getRuntime().availableProcessors();
        var config = new EvaluationConfig(Protocol.TASK_AWARE, BATCH, threads, 0, 0.1, OptionalInt.of(0));
        var set = new EvaluationSet(
                name(),
                vocabulary.part(dataset),
                new Supervision.Labels(vocabulary.names(), vocabulary.templates()),
                OptionalInt.empty());
        Evaluator.SetResult result = new Evaluator(model.preprocessing(), config, bad).evaluate(model.clip(), set);
        List<Evaluator.Decision> decisions = result.decisions();
        var calibration = new CalibrationError();
        decisions.forEach(decision -> calibration.add(decision.probability(), decision.right()));
        int classes = vocabulary.names().size();
        String suffix = vocabulary.suffix();
        Optional<Double> recall = Optional.ofNullable(result.further().get("mean per-class recall"));
        Stream<Measure> first = Stream.of(
                top(decisions, 1, classes, suffix).withMajority(majority(decisions, classes)),
                top(decisions, Math.min(5, classes), classes, suffix));
        Stream<Measure> rest = Stream.of(
                Measure.of("mean per-class recall" + suffix, recall.orElseThrow(), decisions.size())
                        .withChance(100.0 / classes),
                Measure.of("calibration error" + suffix, calibration.percent(), decisions.size())
                        .withNote(
                                "expected calibration error over " + CalibrationError.BINS + " bins; lower is better"));
        return Stream.concat(first.limit(classes > 5 ? 2 : 1), rest).toList();
    }

    private static Measure top(List<Evaluator.Decision> decisions, int k, int classes, String suffix) {
        return Measure.of(
                        "top-" + k + suffix,
                        Outcomes.of(decisions.stream().mapToInt(decision -> decision.rank() <= k ? 1 : 0)))
                .withChance(100.0 * k / classes);
    }

    private static double majority(List<Evaluator.Decision> decisions, int classes) {
        int[] counts = new int[classes];
        decisions.forEach(decision -> counts[decision.label()]++);
        return 100.0 * Arrays.stream(counts).max().orElse(0) / Math.max(1, decisions.size());
    }

    @Override
    public void close() {
        dataset.close();
    }
}
