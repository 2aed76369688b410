package dev.perennial.evaluate.metric;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A number that was measured several times, such as once for each seed.
 *
 * @param mean the mean
 * @param deviation the sample standard deviation, with n - 1 in the denominator; absent for a single measurement
 * @param count how often it was measured
 */
public record Spread(double mean, OptionalDouble deviation, int count) {
    /** Returns the spread of values, or nothing if there are none. */
    public static Optional<Spread> of(List<Double> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        OptionalDouble deviation = values.size() == 1
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.sqrt(squares / (values.size() - 1)));
        return Optional.of(new Spread(mean, deviation, values.size()));
    }
}
