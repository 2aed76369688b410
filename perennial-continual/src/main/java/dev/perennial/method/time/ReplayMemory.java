package dev.perennial.method.time;

import dev.perennial.data.Dataset;
import dev.perennial.data.Sample;
import dev.perennial.method.Ranges;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The size of the memory for earlier time steps; one of the three.
 *
 * @param samples number of samples
 * @param bytes of encoded images
 * @param steps multiple of the number of samples of the newest step
 */
public record ReplayMemory(Optional<Long> samples, Optional<Long> bytes, Optional<Double> steps) {
    /** Checks that there is one size. */
    public ReplayMemory {
        if (Stream.of(samples, bytes, steps).filter(Optional::isPresent).count() != 1) {
            throw new IllegalArgumentException("memory needs one of samples, bytes and steps");
        }
        samples.ifPresent(size -> Ranges.notNegative("memory.samples", size));
        bytes.ifPresent(size -> Ranges.notNegative("memory.bytes", size));
        steps.ifPresent(size -> Ranges.notNegative("memory.steps", size));
    }

    /** Returns the size when a step arrives, in samples or bytes. */
    long size(Dataset newest) {
        return samples.or(() -> bytes).orElseGet(() -> Math.round(steps.orElseThrow() * newest.size()));
    }

    /** Returns the room that a sample takes. */
    long weight(Sample sample) {
        return bytes.isPresent() ? sample.image().read().length : 1;
    }
}
