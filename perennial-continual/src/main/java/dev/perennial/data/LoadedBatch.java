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
