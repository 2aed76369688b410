package dev.perennial.stream;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How fast the samples of an online stream come, whether or not the learner keeps up.
 *
 * @param rate samples a second
 * @param queue samples that wait while the learner is busy; those that come when it is full are dropped and counted; 0 if not stated
 * @param secondsPerStep what a step takes by a simulated clock, the same on every machine; if not stated, what it took on this one
 */
public record ArrivalSpec(double rate, OptionalInt queue, Optional<Double> secondsPerStep) {
    /** Checks the ranges. */
    public ArrivalSpec {
        if (!(rate > 0) || !Double.isFinite(rate)) {
            throw new IllegalArgumentException("arrival.rate must be positive but is " + rate);
        }
        if (queue.orElse(0) < 0) {
            throw new IllegalArgumentException("arrival.queue must be at least 0 but is " + queue.getAsInt());
        }
        if (!(secondsPerStep.orElse(0.0) >= 0)) {
            throw new IllegalArgumentException(
                    "arrival.seconds-per-step must be at least 0 but is " + secondsPerStep.orElseThrow());
        }
    }
}
