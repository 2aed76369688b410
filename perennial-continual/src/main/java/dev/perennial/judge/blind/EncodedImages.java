package dev.perennial.judge.blind;

import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.judge.JudgeProgress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Normalised rows of a collection's images by their position; images that cannot be read have none.
 *
 * @param rows by position
 */
public record EncodedImages(SortedMap<Integer, float[]> rows) {
    private static final int BATCH = 64;

    /** Encodes a collection; bad images are listed in {@code bad}. */
    public static EncodedImages of(
            ImageEncoder encoder, Dataset dataset, BadSamples bad, String task, JudgeProgress progress) {
        SortedMap<Integer, float[]> rows = new TreeMap<>();
        var order = BatchSampler.sequential(dataset.size(), BATCH);
        try (Loader loader = new Loader(
                dataset,
                order,
                order.start(),
                (image, _) -> encoder.preprocessing().apply(image),
                LoaderOptions.withSeed(0).withMaxBadShare(1),
                bad)) {
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                float[][] encoded = encoder.encode(batch.pixels(), batch.size());
                for (int i = 0; i < encoded.length; i++) {
                    rows.put(batch.samples().get(i).position(), normalised(encoded[i]));
                }
                progress.at(task, rows.size(), dataset.size() - bad.count());
            }
        }
        return new EncodedImages(rows);
    }

    /** Takes rows of any length but zero that were made elsewhere. */
    public static EncodedImages normalised(SortedMap<Integer, float[]> rows) {
        SortedMap<Integer, float[]> scaled = new TreeMap<>();
        rows.forEach((position, row) -> scaled.put(position, normalised(row)));
        return new EncodedImages(scaled);
    }

    /** Returns the positions that both have a row of, in order. */
    public List<Integer> common(EncodedImages other) {
        Set<Integer> positions = new HashSet<>(rows.keySet());
        positions.retainAll(other.rows.keySet());
        return positions.stream().sorted().toList();
    }

    /** Returns the rows of some positions, {@code [positions][width]}. */
    public float[][] at(Collection<Integer> positions) {
        List<float[]> chosen = new ArrayList<>();
        positions.forEach(position ->
                chosen.add(Objects.requireNonNull(rows.get(position), "only positions with a row are asked for")));
        return chosen.toArray(float[][]::new);
    }

    private static float[] normalised(float[] row) {
        double square = 0;
        for (float value : row) {
            square += (double) value * value;
        }
        float scale = (float) (1 / Math.max(1e-12, Math.sqrt(square)));
        float[] scaled = row.clone();
        for (int d = 0; d < scaled.length; d++) {
            scaled[d] *= scale;
        }
        return scaled;
    }
}
