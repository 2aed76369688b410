package dev.perennial.judge;

import java.util.List;

/**
 * One benchmark cut by time, a benchmark for each period.
 *
 * @param name of the whole
 * @param kind its kind
 * @param field that it was cut by
 * @param periods names of the periods, in order
 * @param firstNew place of the first period that counts as new
 * @param benchmarks one for each period
 */
public record PeriodBenchmarks(
        String name, BenchmarkKind kind, String field, List<String> periods, int firstNew, List<Benchmark> benchmarks)
        implements AutoCloseable {
    /** Keeps copies. */
    public PeriodBenchmarks {
        periods = List.copyOf(periods);
        benchmarks = List.copyOf(benchmarks);
    }

    /** Returns the measures that periods are compared by. */
    public List<String> measures() {
        return kind == BenchmarkKind.ZERO_SHOT ? List.of("top-1") : List.of("image to text R@1", "text to image R@1");
    }

    @Override
    public void close() {
        benchmarks.forEach(Benchmark::close);
    }
}
