package dev.perennial.judge;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Judges models on benchmarks, and keeps every result by the hashes of model, data and code. */
public final class Judge {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path cacheFolder;
    private final JudgeProgress progress;
    private final String code = ProgramCode.sha256();

    /** Creates a judge that keeps results in {@code cacheFolder}, which may be missing yet. */
    public Judge(Path cacheFolder, JudgeProgress progress) {
        this.cacheFolder = cacheFolder;
        this.progress = progress;
    }

    /**
     * The results of one model.
     *
     * @param model what it is called
     * @param fingerprint a hash of everything that decides its answers
     * @param results one for each benchmark, in their order
     * @param known how many of them were known already
     */
    public record Verdict(String model, String fingerprint, List<BenchmarkResult> results, int known) {
        /** Keeps a copy. */
        public Verdict {
            results = List.copyOf(results);
        }
    }

    /** Judges models in turn; one is opened only if a result of it is not known. */
    public List<Verdict> judge(List<ModelUnderTest> models, List<Benchmark> benchmarks) {
        Map<Benchmark, String> hashes = new HashMap<>();
        benchmarks.forEach(benchmark -> hashes.put(benchmark, benchmark.hash()));
        List<Verdict> verdicts = new ArrayList<>();
        for (ModelUnderTest model : models) {
            verdicts.add(judge(model, benchmarks, hashes));
        }
        return verdicts;
    }

    private Verdict judge(ModelUnderTest model, List<Benchmark> benchmarks, Map<Benchmark, String> hashes) {
        String fingerprint = model.fingerprint();
        List<BenchmarkResult> results = new ArrayList<>();
        int known = 0;
        @Nullable AdaptedModel opened = null;
        try {
            for (Benchmark benchmark : benchmarks) {
                Path file = cacheFolder.resolve(key(fingerprint, benchmark, hashes) + ".json");
                Optional<BenchmarkResult> kept = read(file);
                if (kept.isPresent()) {
                    known++;
                    results.add(kept.get());
                } else {
                    opened = opened == null ? model.open() : opened;
                    BenchmarkResult result = benchmark.judge(
                            opened,
                            (task, done, total) ->
                                    progress.at(model.name() + ", " + benchmark.name() + ": " + task, done, total));
                    write(file, result);
                    results.add(result);
                }
            }
        } finally {
            if (opened != null) {
                opened.close();
            }
        }
        return new Verdict(model.name(), fingerprint, results, known);
    }

    private String key(String fingerprint, Benchmark benchmark, Map<Benchmark, String> hashes) {
        return Hashes.sha256(String.join(
                "\n",
                fingerprint,
                benchmark.kind().label(),
                benchmark.name(),
                hashes.getOrDefault(benchmark, ""),
                code));
    }

    /** A kept result that cannot be read is made again. */
    private static Optional<BenchmarkResult> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readString(file), BenchmarkResult.class))
                    : Optional.empty();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void write(Path file, BenchmarkResult result) {
        try {
            Files.createDirectories(cacheFolder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(cacheFolder + ": cannot be created", e);
        }
        DurableFile.write(file, JSON.writeValueAsString(result).getBytes(StandardCharsets.UTF_8));
    }
}
