package dev.perennial.judge;

import dev.perennial.data.Dataset;
import dev.perennial.data.Datasets;
import dev.perennial.run.ConfigException;
import dev.perennial.run.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens benchmarks as users name them. */
public final class Benchmarks {
    private static final String TEST = "test";

    private final Path cacheFolder;

    /** Creates the opener; packed shards are unpacked into {@code cacheFolder}. */
    public Benchmarks(Path cacheFolder) {
        this.cacheFolder = cacheFolder;
    }

    /** The form of a file of benchmarks. */
    record Listing(List<BenchmarkSpec> benchmarks) {}

    /** A specification, and what relative paths in it are relative to. */
    private record Located(BenchmarkSpec spec, Path baseFolder) {}

    /**
     * Opens benchmarks.
     *
     * @param named each a YAML file with a list {@code benchmarks}, or a kind and a path such as {@code zero-shot:data/pets}
     * @throws ConfigException if one is neither, or two have the same name
     * @throws dev.perennial.data.DatasetException if data cannot be used
     */
    public List<Benchmark> open(List<String> named) {
        List<Benchmark> opened = named.stream()
                .flatMap(name -> located(name).stream())
                .map(this::open)
                .toList();
        Set<String> names = new HashSet<>();
        for (Benchmark benchmark : opened) {
            if (!names.add(benchmark.name())) {
                opened.forEach(Benchmark::close);
                throw new ConfigException("two benchmarks are called '" + benchmark.name()
                        + "'; name them with 'name' in a YAML file of benchmarks");
            }
        }
        return opened;
    }

    /**
     * Opens a benchmark cut by time.
     *
     * @param named as of {@link #open}, one benchmark of zero-shot classification or retrieval; of several languages English counts, or else the first
     * @throws ConfigException if it is another kind, or its samples do not state the time
     */
    public PeriodBenchmarks openByTime(String named, Periods periods) {
        List<Located> found = located(named);
        BenchmarkKind kind = found.getFirst().spec().kind();
        if (found.size() != 1 || (kind != BenchmarkKind.ZERO_SHOT && kind != BenchmarkKind.RETRIEVAL)) {
            throw new ConfigException("'" + named
                    + "' cannot be cut by time; give one benchmark of zero-shot classification or retrieval");
        }
        Located located = found.getFirst();
        Dataset dataset = dataset(located);
        try {
            BenchmarkSpec spec = located.spec();
            String name = spec.name().orElse(dataset.name());
            if (kind == BenchmarkKind.RETRIEVAL) {
                List<String> languages = spec.languages().isEmpty() ? dataset.languages() : spec.languages();
                spec = spec.in(
                        languages.contains("en") ? List.of("en") : languages.subList(0, Math.min(1, languages.size())));
            }
            List<Benchmark> benchmarks = new ArrayList<>();
            List<Periods.Part> parts = periods.parts(dataset);
            for (Periods.Part part : parts) {
                BenchmarkSpec of = spec.named(name + " " + part.name());
                benchmarks.add(
                        kind == BenchmarkKind.ZERO_SHOT
                                ? ZeroShotBenchmark.open(of, part.samples(), located.baseFolder())
                                : new RetrievalBenchmark(of, part.samples()));
            }
            return new PeriodBenchmarks(
                    name,
                    kind,
                    periods.field(),
                    parts.stream().map(Periods.Part::name).toList(),
                    (int) parts.stream().takeWhile(part -> !part.isNew()).count(),
                    benchmarks);
        } catch (RuntimeException e) {
            dataset.close();
            throw e;
        }
    }

    private static List<Located> located(String named) {
        int colon = named.indexOf(':');
        if (named.matches("(?i).*\\.ya?ml")) {
            Path file = Path.of(named);
            Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
            return Yaml.bind(named, Yaml.read(file), Listing.class).benchmarks().stream()
                    .map(spec -> new Located(spec, folder))
                    .toList();
        }
        if (colon < 1) {
            throw new ConfigException("'" + named + "' is no benchmark; give a YAML file, or a kind and a path such as"
                    + " zero-shot:data/pets; the kinds are " + String.join(", ", BenchmarkKind.labels()));
        }
        try {
            BenchmarkKind kind = BenchmarkKind.of(named.substring(0, colon));
            return List.of(new Located(BenchmarkSpec.of(kind, named.substring(colon + 1)), Path.of("")));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private Benchmark open(Located located) {
        BenchmarkSpec spec = located.spec();
        return switch (spec.kind()) {
            case ZERO_SHOT -> ZeroShotBenchmark.open(spec, dataset(located), located.baseFolder());
            case RETRIEVAL -> new RetrievalBenchmark(spec, dataset(located));
            case MMVP_VLM ->
                MmvpVlmBenchmark.open(
                        spec, located.baseFolder().resolve(spec.data().path()));
            case MIRB ->
                new MirbBenchmark(
                        spec,
                        MirbLayout.read(located.baseFolder().resolve(spec.data().path())));
        };
    }

    private Dataset dataset(Located located) {
        BenchmarkSpec spec = located.spec();
        List<String> splits = Datasets.splits(spec.data(), located.baseFolder(), cacheFolder);
        String split = spec.split().orElse(splits.isEmpty() ? "" : TEST);
        return Datasets.open(spec.data(), located.baseFolder(), split, cacheFolder);
    }
}
