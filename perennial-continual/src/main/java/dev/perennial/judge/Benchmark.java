package dev.perennial.judge;

import dev.perennial.run.AdaptedModel;

/** Something that models are judged on. */
public interface Benchmark extends AutoCloseable {
    /** Returns what it is called in results. */
    String name();

    /** Returns its kind. */
    BenchmarkKind kind();

    /** Returns a SHA-256 of its data and settings. */
    String hash();

    /** Judges a model. */
    BenchmarkResult judge(AdaptedModel model, JudgeProgress progress);

    @Override
    void close();
}
