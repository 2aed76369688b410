package dev.perennial.judge;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.data.Sample;
import dev.perennial.run.AdaptedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Embeds the images and texts of a benchmark. */
final class Embedder {
    private static final int IMAGES = 64;
    private static final int TEXTS = 256;

    private final AdaptedModel model;
    private final JudgeProgress progress;

    Embedder(AdaptedModel model, JudgeProgress progress) {
        this.model = model;
        this.progress = progress;
    }

    /** Embeds all images of a data set that can be read, in order. */
    void images(Dataset dataset, BadSamples bad, BiConsumer<Sample, float[]> rows) {
        var order = BatchSampler.sequential(dataset.size(), IMAGES);
        long done = 0;
        var options = LoaderOptions.withSeed(0);
        try (Loader loader = new Loader(
                dataset,
                order,
                order.start(),
                (image, _) -> model.preprocessing().apply(image),
                // Of a few images, one that is bad is a large share.
                dataset.size() < 1000 ? options.withMaxBadShare(1) : options,
                bad)) {
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                int size = batch.imageSize();
                float[][] embedded;
                try (var _ = new TensorScope()) {
                    embedded = Tensors.toRows(
                            model.clip().embedImages(Tensors.of(batch.pixels(), batch.size(), 3, size, size)));
                }
                for (int i = 0; i < embedded.length; i++) {
                    rows.accept(batch.samples().get(i), embedded[i]);
                }
                done += batch.size();
                progress.at("images", done, dataset.size() - bad.count());
            }
        }
    }

    /** Embeds pictures that are in memory, {@code [pictures][embedDim]}. */
    float[][] pictures(List<RgbImage> pictures) {
        int length = model.preprocessing().length();
        float[] pixels = new float[pictures.size() * length];
        for (int i = 0; i < pictures.size(); i++) {
            model.preprocessing().apply(pictures.get(i), pixels, i * length);
        }
        int size = model.preprocessing().imageSize();
        try (var _ = new TensorScope()) {
            return Tensors.toRows(model.clip().embedImages(Tensors.of(pixels, pictures.size(), 3, size, size)));
        }
    }

    /** Embeds texts, {@code [texts][embedDim]}. */
    float[][] texts(List<String> texts) {
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += TEXTS) {
            try (var _ = new TensorScope()) {
                List<String> chunk = texts.subList(from, Math.min(from + TEXTS, texts.size()));
                rows.addAll(Arrays.asList(Tensors.toRows(model.clip().embedTexts(chunk))));
            }
            if (texts.size() > TEXTS) {
                progress.at("texts", rows.size(), texts.size());
            }
        }
        return rows.toArray(float[][]::new);
    }

    /** Returns the cosine of two normalised rows. */
    static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (double) a[d] * b[d];
        }
        return sum;
    }

    /** Says in one line how many samples were left out, if any. */
    static List<String> leftOut(BadSamples bad) {
        if (bad.count() == 0) {
            return List.of();
        }
        return List.of(bad.count() + " images could not be used; the first: "
                + bad.list().getFirst().reason());
    }
}
