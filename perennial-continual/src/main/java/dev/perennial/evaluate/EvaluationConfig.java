package dev.perennial.evaluate;

import dev.perennial.evaluate.anytime.AnytimeConfig;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a model is judged.
 *
 * @param protocol which class names a sample is classified among
 * @param batchSize images a forward pass
 * @param threads threads that decode images
 * @param pictures samples of each set whose predictions the report shows
 * @param maxBadShare share of unusable samples above which evaluation stops, in {@code [0, 1]}
 * @param alignmentSamples images of all sets together on which alignment with the pretrained model is measured, 0 for none;
 *     {@value #ALIGNMENT_SAMPLES} if not stated
 * @param anytime how the model is judged while an online stream goes on; if not stated, only at the end of each session
 */
public record EvaluationConfig(
        Protocol protocol,
        int batchSize,
        int threads,
        int pictures,
        double maxBadShare,
        OptionalInt alignmentSamples,
        Optional<AnytimeConfig> anytime) {
    /** Images on which alignment is measured where nothing is said. */
    public static final int ALIGNMENT_SAMPLES = 256;

    /** Creates settings for streams that are no online streams. */
    public EvaluationConfig(
            Protocol protocol,
            int batchSize,
            int threads,
            int pictures,
            double maxBadShare,
            OptionalInt alignmentSamples) {
        this(protocol, batchSize, threads, pictures, maxBadShare, alignmentSamples, Optional.empty());
    }

    /** Checks the ranges. */
    public EvaluationConfig {
        if (alignmentSamples.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "alignment-samples must be at least 0, not " + alignmentSamples.getAsInt());
        }
        if (batchSize < 1 || threads < 1 || pictures < 0) {
            throw new IllegalArgumentException("batch-size and threads must be at least 1 and pictures at least 0, not "
                    + batchSize + ", " + threads + " and " + pictures);
        }
    }
}
