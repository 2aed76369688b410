package dev.perennial.probe;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.method.AdaptedClip;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Normalised embeddings of a data set's images, {@code [images][embedDim]}, with their labels. */
@SuppressWarnings("ArrayRecordComponent") // Made, read once and dropped; never compared.
public record EmbeddedSet(float[][] rows, long[] labels) {
    private static final int BATCH = 128;

    /**
     * Embeds a data set; bad samples are left out.
     *
     * @param progress hears how many images are done
     */
    public static EmbeddedSet of(
            AdaptedClip clip, Preprocessing preprocessing, Dataset dataset, BadSamples bad, IntConsumer progress) {
        BatchSampler sampler = BatchSampler.sequential(dataset.size(), BATCH);
        List<float[]> rows = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        try (Loader loader = new Loader(
                dataset,
                sampler,
                sampler.start(),
                (image, _) -> preprocessing.apply(image),
                LoaderOptions.withSeed(0),
                bad)) {
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                int size = batch.imageSize();
                try (var _ = new TensorScope()) {
                    rows.addAll(List.of(
                            Tensors.toRows(clip.embedImages(Tensors.of(batch.pixels(), batch.size(), 3, size, size)))));
                }
                for (int label : batch.labels()) {
                    labels.add((long) label);
                }
                progress.accept(rows.size());
            }
        }
        return new EmbeddedSet(
                rows.toArray(float[][]::new),
                labels.stream().mapToLong(Long::longValue).toArray());
    }
}
