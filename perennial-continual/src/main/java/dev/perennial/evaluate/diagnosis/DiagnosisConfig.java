package dev.perennial.evaluate.diagnosis;

import java.util.OptionalInt;

/**
 * What is measured of the towers while they are trained; nothing where the configuration has no such part.
 *
 * @param gradientsEvery steps from one measurement of gradients to the next; not measured if not stated
 * @param driftEvery steps from one measurement of drift to the next; not measured if not stated
 * @param probeSamples images of all evaluation sets together on which drift is measured; {@value #PROBE_SAMPLES} if not stated
 */
public record DiagnosisConfig(OptionalInt gradientsEvery, OptionalInt driftEvery, OptionalInt probeSamples) {
    /** Images on which drift is measured where nothing is said. */
    public static final int PROBE_SAMPLES = 64;

    /** Checks the ranges. */
    public DiagnosisConfig {
        if (gradientsEvery.isEmpty() && driftEvery.isEmpty()) {
            throw new IllegalArgumentException(
                    "diagnosis measures nothing; set gradients-every or drift-every, or leave diagnosis out");
        }
        if (gradientsEvery.orElse(1) < 1 || driftEvery.orElse(1) < 1 || probeSamples.orElse(1) < 1) {
            throw new IllegalArgumentException("gradients-every, drift-every and probe-samples must be at least 1");
        }
        if (probeSamples.isPresent() && driftEvery.isEmpty()) {
            throw new IllegalArgumentException("probe-samples are those of drift; set drift-every too");
        }
    }
}
