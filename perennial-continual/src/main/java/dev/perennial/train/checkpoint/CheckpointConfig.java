package dev.perennial.train.checkpoint;

import java.util.Optional;

/**
 * How often a run is saved and what is kept. The end of every experience is always saved.
 *
 * @param everySteps optimizer steps after which it is saved within an experience; absent for no such limit
 * @param everyMinutes minutes after which it is saved within an experience, at least 0
 * @param keep checkpoints within experiences that are kept, the newest ones; at the end of the run they are deleted
 * @param keepExperiences checkpoints after experiences that are kept, the newest ones; absent for all
 */
public record CheckpointConfig(
        Optional<Integer> everySteps, double everyMinutes, int keep, Optional<Integer> keepExperiences) {
    /** Checks the ranges. */
    public CheckpointConfig {
        if (everySteps.orElse(1) < 1) {
            throw new IllegalArgumentException("every-steps must be at least 1 but is " + everySteps.get());
        }
        if (!(everyMinutes >= 0)) {
            throw new IllegalArgumentException("every-minutes must be at least 0 but is " + everyMinutes);
        }
        if (keep < 1 || keepExperiences.orElse(1) < 1) {
            throw new IllegalArgumentException("keep and keep-experiences must be at least 1");
        }
    }
}
