package dev.perennial.evaluate.alignment;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.data.Sample;
import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.method.AdaptedClip;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Held-out images with a text each, the same number of every data set, on which alignment is measured again and again.
 *
 * <p>The samples of a data set lie at equal distances, so that a data set sorted by class gives all its classes. The text of a
 * labelled image is the first prompt of its class, that of a captioned one its first caption.
 */
final class AlignmentSample {
    private static final int PREFETCH = 2;
    private static final int TEXT_CHUNK = 256;

    private final List<EvaluationSet> sets;
    private final int perSet;

    /**
     * Chooses the samples.
     *
     * @param sets all sets that are judged on
     * @param samples images altogether, at least one of each set
     */
    AlignmentSample(List<EvaluationSet> sets, int samples) {
        this.sets = List.copyOf(sets);
        this.perSet = Math.max(1, samples / Math.max(1, sets.size()));
    }

    /** Returns the positions of the chosen samples in the test split of a set. */
    int[] positions(EvaluationSet set) {
        long size = set.test().size();
        int count = (int) Math.min(size, perSet);
        return IntStream.range(0, count).map(i -> (int) (i * size / count)).toArray();
    }

    /** Embeds the chosen samples; those that cannot be read or have no text are left out. */
    PairedEmbeddings embed(AdaptedClip clip, Preprocessing preprocessing, EvaluationConfig config) {
        List<float[]> images = new ArrayList<>();
        List<PairedEmbeddings.Origin> origins = new ArrayList<>();
        Map<String, Integer> texts = new LinkedHashMap<>();
        for (int s = 0; s < sets.size(); s++) {
            EvaluationSet set = sets.get(s);
            int[] positions = positions(set);
            if (positions.length > 0) {
                var order = BatchSampler.sequential(positions.length, config.batchSize());
                // The evaluation of the whole set has counted its bad samples already.
                var options = new LoaderOptions(config.threads(), PREFETCH, 1, 0);
                try (Loader loader = new Loader(
                        set.test().select(positions),
                        order,
                        order.start(),
                        (image, _) -> preprocessing.apply(image),
                        options,
                        new BadSamples())) {
                    while (loader.hasNext()) {
                        LoadedBatch batch = loader.next();
                        float[][] rows = rows(clip, batch);
                        for (int i = 0; i < rows.length; i++) {
                            Sample sample = batch.samples().get(i);
                            Optional<String> text = text(set, sample);
                            if (text.isPresent()) {
                                images.add(rows[i]);
                                texts.putIfAbsent(text.get(), texts.size());
                                origins.add(new PairedEmbeddings.Origin(s, sample.position(), texts.get(text.get())));
                            }
                        }
                    }
                }
            }
        }
        return new PairedEmbeddings(
                images.toArray(float[][]::new), embed(clip, List.copyOf(texts.keySet())), List.copyOf(origins));
    }

    private static float[][] rows(AdaptedClip clip, LoadedBatch batch) {
        int size = batch.imageSize();
        try (var _ = new TensorScope()) {
            return Tensors.toRows(clip.embedImages(Tensors.of(batch.pixels(), batch.size(), 3, size, size)));
        }
    }

    private static float[][] embed(AdaptedClip clip, List<String> texts) {
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += TEXT_CHUNK) {
            try (var _ = new TensorScope()) {
                rows.addAll(Arrays.asList(Tensors.toRows(
                        clip.embedTexts(texts.subList(from, Math.min(from + TEXT_CHUNK, texts.size()))))));
            }
        }
        return rows.toArray(float[][]::new);
    }

    private static Optional<String> text(EvaluationSet set, Sample sample) {
        return switch (set.supervision()) {
            case Supervision.Labels labels ->
                sample.label().isPresent()
                        ? Optional.of(labels.templates()
                                .first()
                                .fill(labels.classNames().get(sample.label().getAsInt()))
                                .getFirst())
                        : Optional.empty();
            case Supervision.Arriving _ -> Optional.empty();
            case Supervision.Captions captions ->
                captions.languages().stream()
                        .flatMap(language -> sample.captions(language).stream())
                        .findFirst();
        };
    }
}
