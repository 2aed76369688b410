package dev.perennial.judge;

import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.Sample;
import dev.perennial.evaluate.GemmScores;
import dev.perennial.evaluate.metric.RetrievalMetrics;
import dev.perennial.evaluate.metric.RetrievalRanks;
import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ConfigException;
import dev.perennial.run.Hashes;
import java.util.ArrayList;
import java.util.List;

/** Search in both directions, language by language; every language searches the images that have a caption in it. */
final class RetrievalBenchmark implements Benchmark {
    private static final int[] KS = {1, 5, 10};

    private final BenchmarkSpec spec;
    private final Dataset dataset;

    RetrievalBenchmark(BenchmarkSpec spec, Dataset dataset) {
        this.spec = spec;
        this.dataset = dataset;
        List<String> languages = languages();
        List<String> known = dataset.languages();
        languages.stream()
                .filter(language -> !known.contains(language))
                .findFirst()
                .ifPresent(language -> {
                    throw new ConfigException("benchmark '" + name() + "' has no captions in '" + language
                            + "'; its languages are " + known);
                });
        if (languages.isEmpty()) {
            throw new ConfigException("benchmark '" + name() + "' has no captions to search by");
        }
    }

    private List<String> languages() {
        return spec.languages().isEmpty() ? dataset.languages() : spec.languages();
    }

    @Override
    public String name() {
        return spec.name().orElse(dataset.name());
    }

    @Override
    public BenchmarkKind kind() {
        return BenchmarkKind.RETRIEVAL;
    }

    @Override
    public String hash() {
        return Hashes.sha256(String.join(
                "\n",
                dataset.hash(),
                Integer.toString(dataset.size()),
                languages().toString(),
                spec.captionsPerImage().toString(),
                spec.prompt().toString()));
    }

    @Override
    public BenchmarkResult judge(AdaptedModel model, JudgeProgress progress) {
        var embedder = new Embedder(model, progress);
        var bad = new BadSamples();
        List<Sample> samples = new ArrayList<>();
        List<float[]> images = new ArrayList<>();
        embedder.images(dataset, bad, (sample, row) -> {
            samples.add(sample);
            images.add(row);
        });
        List<Measure> measures = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (String language : languages()) {
            judge(embedder, language, samples, images, measures, remarks);
        }
        remarks.addAll(Embedder.leftOut(bad));
        return new BenchmarkResult(name(), kind(), hash(), measures, remarks);
    }

    private void judge(
            Embedder embedder,
            String language,
            List<Sample> samples,
            List<float[]> images,
            List<Measure> measures,
            List<String> remarks) {
        List<float[]> described = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        List<Integer> perImage = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            List<String> own = samples.get(i).captions(language).stream()
                    .limit(spec.captionsPerImage().orElse(Integer.MAX_VALUE))
                    .map(caption ->
                            spec.prompt().map(prompt -> prompt + " " + caption).orElse(caption))
                    .toList();
            if (!own.isEmpty()) {
                described.add(images.get(i));
                captions.addAll(own);
                perImage.add(own.size());
            }
        }
        String suffix = languages().size() == 1 ? "" : " (" + language + ")";
        if (described.isEmpty()) {
            measures.add(Measure.notApplicable("mean recall" + suffix, 0, "no image has a caption in " + language));
            return;
        }
        int[] imageOfText = new int[captions.size()];
        for (int image = 0, at = 0; image < perImage.size(); image++) {
            for (int c = 0; c < perImage.get(image); c++, at++) {
                imageOfText[at] = image;
            }
        }
        RetrievalMetrics metrics;
        try (var scores = new GemmScores(described.toArray(float[][]::new), embedder.texts(captions))) {
            metrics = RetrievalMetrics.ofScores(described.size(), imageOfText, scores);
        }
        boolean single = captions.size() == described.size();
        for (int k : KS) {
            measures.add(Measure.of("image to text R@" + k + suffix, outcomes(metrics.imageToText(), k, List.of()))
                    .withChance(chance(captions.size(), perImage, k)));
        }
        for (int k : KS) {
            measures.add(Measure.of(
                            "text to image R@" + k + suffix,
                            outcomes(metrics.textToImage(), k, single ? List.of() : perImage))
                    .withChance(100.0 * Math.min(1, (double) k / described.size())));
        }
        measures.add(Measure.of("mean recall" + suffix, metrics.meanRecall(KS), captions.size())
                .withNote("mean of the six; rsum is six times this"));
        remarks.add(described.size() + " images and " + captions.size() + " captions in " + language);
    }

    private static Outcomes outcomes(RetrievalRanks ranks, int k, List<Integer> clusters) {
        return Outcomes.of(ranks.ranks().map(rank -> rank <= k ? 1 : 0), clusters);
    }

    /** The chance that one of an image's captions is among k drawn from all, in percent, as a mean over images. */
    private static double chance(int captions, List<Integer> perImage, int k) {
        return perImage.stream()
                .mapToDouble(own -> {
                    double none = 1;
                    for (int draw = 0; draw < Math.min(k, captions); draw++) {
                        none *= Math.max(0, (double) (captions - own - draw) / (captions - draw));
                    }
                    return 100 * (1 - none);
                })
                .average()
                .orElseThrow();
    }

    @Override
    public void close() {
        dataset.close();
    }
}
