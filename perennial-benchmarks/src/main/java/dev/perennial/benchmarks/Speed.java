package dev.perennial.benchmarks;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What all rounds measured of a contender; every figure is a median over rounds.
 *
 * @param contender what was measured
 * @param samples one for each round
 */
record Speed(Contender contender, List<Sample> samples) {
    double itemsPerSecond() {
        return median(samples.stream().map(Sample::itemsPerSecond));
    }

    double operationsPerSecond() {
        return itemsPerSecond() * contender.work() / contender.batch();
    }

    double shareOfGemm() {
        return median(samples.stream().map(Sample::shareOfGemm));
    }

    OptionalDouble peerItemsPerSecond() {
        return contender.peer().isPresent()
                ? OptionalDouble.of(median(samples.stream()
                        .map(sample -> sample.peerItemsPerSecond().orElseThrow())))
                : OptionalDouble.empty();
    }

    /** Returns how many times as fast as another this is in the same round. */
    double over(Speed other) {
        return median(IntStream.range(0, samples.size())
                .mapToObj(i ->
                        samples.get(i).itemsPerSecond() / other.samples.get(i).itemsPerSecond()));
    }

    static double median(Stream<Double> values) {
        double[] sorted = values.mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
