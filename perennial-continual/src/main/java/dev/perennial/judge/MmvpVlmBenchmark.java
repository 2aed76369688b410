package dev.perennial.judge;

import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.ImageList;
import dev.perennial.evaluate.metric.ScoredPair;
import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.judge.MmvpVlmLayout.Pair;
import dev.perennial.judge.MmvpVlmLayout.Question;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.Hashes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** MMVP-VLM (Tong et al. 2024, arXiv 2401.06209), scored as its repository does, and in the other direction. */
final class MmvpVlmBenchmark implements Benchmark {
    private static final String PROMPT = "a photo of ";
    private static final double PAIR_CHANCE = 25;
    /** Of 24 orders of four different cosines, four put both of a statement's and both of an image's own ones first. */
    private static final double GROUP_CHANCE = 100 / 6.0;

    private final BenchmarkSpec spec;
    private final Path folder;
    private final List<Pair> pairs;

    private MmvpVlmBenchmark(BenchmarkSpec spec, Path folder, List<Pair> pairs) {
        this.spec = spec;
        this.folder = folder;
        this.pairs = pairs;
    }

    static Benchmark open(BenchmarkSpec spec, Path folder) {
        return new MmvpVlmBenchmark(spec, folder, MmvpVlmLayout.read(folder));
    }

    @Override
    public String name() {
        return spec.name()
                .orElseGet(
                        () -> folder.toAbsolutePath().normalize().getFileName().toString());
    }

    @Override
    public BenchmarkKind kind() {
        return BenchmarkKind.MMVP_VLM;
    }

    @Override
    public String hash() {
        var text = new StringBuilder();
        questions()
                .forEach(question -> text.append(question.id())
                        .append(' ')
                        .append(question.pattern())
                        .append(' ')
                        .append(question.statement())
                        .append(' ')
                        .append(Hashes.sha256(question.image()))
                        .append('\n'));
        return Hashes.sha256(text.toString());
    }

    private Stream<Question> questions() {
        return pairs.stream().flatMap(pair -> Stream.of(pair.first(), pair.second()));
    }

    @Override
    public BenchmarkResult judge(AdaptedModel model, JudgeProgress progress) {
        var embedder = new Embedder(model, progress);
        Map<String, float[]> images = new HashMap<>();
        var bad = new BadSamples();
        try (Dataset files = ImageList.open(questions().map(Question::image).toList())) {
            embedder.images(files, bad, (sample, row) -> images.put(sample.key(), row));
        }
        float[][] texts = embedder.texts(
                questions().map(question -> PROMPT + question.statement()).toList());
        List<ScoredPair> scored = new ArrayList<>();
        for (int p = 0; p < pairs.size(); p++) {
            Pair pair = pairs.get(p);
            float[] image1 = images.get(pair.ofImage1().image().toString());
            float[] image2 = images.get(pair.ofImage2().image().toString());
            if (image1 != null && image2 != null) {
                scored.add(new ScoredPair(
                        pair.first().pattern().title(),
                        pair.first().id(),
                        pair.second().id(),
                        new ScoredPair.Scores(
                                (float) Embedder.cosine(texts[2 * p], image1),
                                (float) Embedder.cosine(texts[2 * p], image2),
                                (float) Embedder.cosine(texts[2 * p + 1], image1),
                                (float) Embedder.cosine(texts[2 * p + 1], image2))));
            }
        }
        List<String> remarks = new ArrayList<>();
        remarks.add("%d pairs; prompts are \"a photo of\" and the statement".formatted(scored.size()));
        remarks.addAll(Embedder.leftOut(bad));
        return new BenchmarkResult(name(), kind(), hash(), measures(scored), remarks);
    }

    private static List<Measure> measures(List<ScoredPair> scored) {
        if (scored.isEmpty()) {
            return List.of(Measure.notApplicable("average of patterns", 0, "no pair has both images"));
        }
        List<Measure> measures = new ArrayList<>();
        List<Measure> patterns = Stream.of(VisualPattern.values())
                .map(pattern -> scored.stream()
                        .filter(pair -> pair.pattern().equals(pattern.title()))
                        .toList())
                .filter(pairs -> !pairs.isEmpty())
                .map(pairs -> measure(pairs.getFirst().pattern(), pairs, ScoredPair::textToImageRight))
                .toList();
        double average = patterns.stream()
                .mapToDouble(measure -> measure.value().orElseThrow())
                .average()
                .orElseThrow();
        measures.add(Measure.of("average of patterns", average, scored.size()).withChance(PAIR_CHANCE));
        measures.add(measure("pairs, text to image", scored, ScoredPair::textToImageRight));
        measures.addAll(patterns);
        measures.add(measure("pairs, image to text", scored, ScoredPair::imageToTextRight)
                .withNote("not in the benchmark"));
        measures.add(
                measure("pairs, both directions", scored, pair -> pair.textToImageRight() && pair.imageToTextRight())
                        .withChance(GROUP_CHANCE)
                        .withNote("not in the benchmark"));
        measures.add(Measure.of(
                        "single statements",
                        Outcomes.of(
                                scored.stream()
                                        .flatMapToInt(pair -> IntStream.of(
                                                pair.firstChoice() == pair.firstAnswer() ? 1 : 0,
                                                pair.secondChoice() == pair.secondAnswer() ? 1 : 0)),
                                scored.stream().map(_ -> 2).toList()))
                .withChance(50)
                .withNote("not in the benchmark"));
        return measures;
    }

    private static Measure measure(String name, List<ScoredPair> pairs, Predicate<ScoredPair> right) {
        return Measure.of(name, Outcomes.of(pairs.stream().mapToInt(pair -> right.test(pair) ? 1 : 0)))
                .withChance(PAIR_CHANCE);
    }

    @Override
    public void close() {
        // Images are opened when they are judged.
    }
}
