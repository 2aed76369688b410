package dev.perennial.judge;

import java.util.List;
import java.util.Optional;

/**
 * What a model scored on a benchmark.
 *
 * @param benchmark the name of the benchmark
 * @param kind its kind
 * @param dataSha256 hash of its data and settings
 * @param measures in the order of the table
 * @param remarks what a reader has to know, such as what was left out
 */
public record BenchmarkResult(
        String benchmark, BenchmarkKind kind, String dataSha256, List<Measure> measures, List<String> remarks) {
    /** Keeps copies. */
    public BenchmarkResult {
        measures = List.copyOf(measures);
        remarks = List.copyOf(remarks);
    }

    /** Returns a measure by name. */
    public Optional<Measure> measure(String name) {
        return measures.stream().filter(measure -> measure.name().equals(name)).findFirst();
    }
}
