package dev.perennial.train;

/**
 * What an optimizer step did.
 *
 * @param step counted from 1
 * @param steps of the experience
 * @param loss mean over the step's samples
 * @param gradientNorm of all gradients together, before clipping
 * @param learningRate that the step used
 * @param samples seen so far in this experience
 * @param seconds since the experience began
 */
public record StepReport(
        int step, int steps, double loss, double gradientNorm, double learningRate, long samples, double seconds) {}
