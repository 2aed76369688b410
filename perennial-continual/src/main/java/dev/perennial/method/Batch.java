package dev.perennial.method;

import dev.perennial.data.Sample;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Samples of one experience, prepared for a step.
 *
 * @param experience where they come from
 * @param samples with labels, class names, captions by language and attributes
 * @param pixels prepared and augmented, {@code [batch, 3, size, size]}; lives until the step ends
 * @param supervision what tells the meaning of its images: that of the experience, or, where classes show only as they come, those seen so
 *     far, in the order in which they first came
 */
public record Batch(Experience experience, List<Sample> samples, Tensor pixels, Supervision supervision) {
    /** Makes a batch of an experience that says itself what its images mean. */
    public Batch(Experience experience, List<Sample> samples, Tensor pixels) {
        this(experience, samples, pixels, experience.supervision());
    }

    /** Returns the labels, counted in the order of the class names of the {@linkplain #supervision}. */
    public long[] labels() {
        return samples.stream()
                .mapToLong(sample -> sample.label()
                        .orElseThrow(() -> new IllegalStateException(
                                "sample '" + sample.key() + "' of " + experience.name() + " has no label")))
                .toArray();
    }
}
