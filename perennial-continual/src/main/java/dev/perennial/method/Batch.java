package dev.perennial.method;

import dev.perennial.data.Sample;
import dev.perennial.stream.Experience;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Samples of one experience, prepared for a step.
 *
 * @param experience where they come from
 * @param samples with labels, class names, captions by language and attributes
 * @param pixels prepared and augmented, {@code [batch, 3, size, size]}; lives until the step ends
 */
public record Batch(Experience experience, List<Sample> samples, Tensor pixels) {
    /** Returns the labels, counted in the order of the experience's class names. */
    public long[] labels() {
        return samples.stream()
                .mapToLong(sample -> sample.label()
                        .orElseThrow(() -> new IllegalStateException(
                                "sample '" + sample.key() + "' of " + experience.name() + " has no label")))
                .toArray();
    }
}
