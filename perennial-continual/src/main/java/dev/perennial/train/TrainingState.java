package dev.perennial.train;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.data.BatchSampler;
import java.util.Map;
import java.util.Optional;

/**
 * Where the training of an experience is between two steps, the weights left out, which are the method's.
 *
 * @param progress what counts and places make up
 * @param updates number of updates that each parameter has had, by name
 * @param moments running means and squares of the optimizer, by name; views that are valid until the next step
 */
public record TrainingState(Progress progress, Map<String, Long> updates, Map<String, StoredTensor> moments) {
    /**
     * How far the training is.
     *
     * @param step steps done, skipped ones included
     * @param position where the sampler goes on
     * @param augmentationSeed seed of the random numbers of augmentation
     * @param samples seen so far
     * @param skipped steps that were skipped because their numbers were not finite
     * @param skippedInARow those of them since the last step that was taken
     * @param seconds spent so far
     * @param arrival what has come of an online stream that does not wait; absent for other data
     */
    public record Progress(
            int step,
            BatchSampler.Position position,
            long augmentationSeed,
            long samples,
            int skipped,
            int skippedInARow,
            double seconds,
            Optional<PacedBatches.State> arrival) {
        /** Returns the same of an online stream that does not wait. */
        Progress with(Optional<PacedBatches.State> state) {
            return new Progress(step, position, augmentationSeed, samples, skipped, skippedInARow, seconds, state);
        }
    }

    /** Returns the state before the first step. */
    static TrainingState start(BatchSampler.Position position, long augmentationSeed) {
        return new TrainingState(
                new Progress(0, position, augmentationSeed, 0, 0, 0, 0, Optional.empty()), Map.of(), Map.of());
    }
}
