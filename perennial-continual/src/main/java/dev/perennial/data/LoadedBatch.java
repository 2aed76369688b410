package dev.perennial.data;

import java.util.List;

/** A batch of prepared images with their samples. */
public final class LoadedBatch {
    private final float[] pixels;
    private final List<Sample> samples;
    private final BatchSampler.Position next;

    LoadedBatch(float[] pixels, List<Sample> samples, BatchSampler.Position next) {
        this.pixels = pixels;
        this.samples = List.copyOf(samples);
        this.next = next;
    }

    /** Packs samples that were prepared alike, at least one. */
    static LoadedBatch of(String dataset, List<SampleLoading.Good<float[]>> batch, BatchSampler.Position next) {
        int length = batch.getFirst().made().length;
        float[] pixels = new float[Math.multiplyExact(length, batch.size())];
        for (int i = 0; i < batch.size(); i++) {
            SampleLoading.Good<float[]> good = batch.get(i);
            if (good.made().length != length) {
                throw new LoaderException("%s %s: was prepared to %d values but others to %d"
                        .formatted(dataset, good.sample().key(), good.made().length, length));
            }
            System.arraycopy(good.made(), 0, pixels, i * length, length);
        }
        return new LoadedBatch(
                pixels, batch.stream().map(SampleLoading.Good::sample).toList(), next);
    }

    /** Returns the pixels, {@code [batch, 3, size, size]}, not copied. */
    public float[] pixels() {
        return pixels;
    }

    /** Returns the samples in the order of the pixels. */
    public List<Sample> samples() {
        return samples;
    }

    /** Returns the number of samples, at least 1. */
    public int size() {
        return samples.size();
    }

    /** Returns the side of the images in pixels. */
    public int imageSize() {
        return (int) Math.round(Math.sqrt(pixels.length / 3.0 / size()));
    }

    /** Returns the labels, {@link Dataset#NO_LABEL} where there is none. */
    public int[] labels() {
        return samples.stream()
                .mapToInt(sample -> sample.label().orElse(Dataset.NO_LABEL))
                .toArray();
    }

    /** Returns the place from which loading continues after this batch; goes into checkpoints. */
    public BatchSampler.Position next() {
        return next;
    }
}
