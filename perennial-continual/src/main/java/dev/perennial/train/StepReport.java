package dev.perennial.train;

import dev.perennial.method.Tower;
import java.util.Map;
import java.util.Optional;

/**
 * What an optimizer step did.
 *
 * @param step counted from 1
 * @param steps of the experience
 * @param loss mean over the step's samples; NaN for a step that was skipped, or of a plan without a loss
 * @param gradientNorm of all gradients together, before clipping; NaN where the loss is
 * @param learningRate that the step used
 * @param samples seen so far in this experience
 * @param seconds spent on this experience so far
 * @param skipped steps of this experience that were skipped so far because their numbers were not finite
 * @param problem why this step was skipped; absent if it was taken
 * @param gradients of each tower, where they are measured in this step; else empty
 */
public record StepReport(
        int step,
        int steps,
        double loss,
        double gradientNorm,
        double learningRate,
        long samples,
        double seconds,
        int skipped,
        Optional<String> problem,
        Map<Tower, TowerGradient> gradients) {}
