package dev.perennial.evaluate;

/**
 * What a run cost.
 *
 * @param totalSeconds wall time from start to end, in seconds
 * @param trainSeconds the part of it spent learning
 * @param evaluateSeconds the part of it spent evaluating
 * @param imagesPerSecond training throughput
 * @param peakMemoryBytes the largest memory that the process held, native memory included
 */
public record RunCosts(
        double totalSeconds,
        double trainSeconds,
        double evaluateSeconds,
        double imagesPerSecond,
        long peakMemoryBytes) {}
