package dev.perennial.bench;

import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.run.Hashes;
import dev.perennial.run.ModelSource;
import dev.perennial.run.RunConfig;
import dev.perennial.run.Yaml;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.stream.StreamSpec;
import dev.perennial.stream.Streams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * All runs of a suite, with everything that decides their results looked up.
 *
 * @param suite the suite
 * @param runs one seed of all rows after the other, so that an unfinished table has all its rows early
 */
public record BenchPlan(Suite suite, List<PlannedRun> runs) {
    /** Keeps an unchangeable copy. */
    public BenchPlan {
        runs = List.copyOf(runs);
    }

    /**
     * Plans a suite.
     *
     * @param overrides settings as {@code key.key=value} for all runs
     * @param baseFolder what relative paths are relative to
     * @param models finds the pretrained models
     * @param cacheFolder where packed shards are unpacked
     * @throws dev.perennial.run.ConfigException if a configuration is wrong or a model is missing
     * @throws dev.perennial.data.DatasetException if a data set is missing or cannot be used
     */
    public static BenchPlan of(
            Suite suite, List<String> overrides, Path baseFolder, ModelSource models, Path cacheFolder) {
        var planner = new Planner(suite, overrides, baseFolder, models, cacheFolder);
        List<Long> seeds = suite.methods().stream()
                .flatMap(entry -> entry.seeds().orElse(suite.seeds()).stream())
                .distinct()
                .toList();
        List<PlannedRun> runs = new ArrayList<>();
        for (long seed : seeds) {
            for (Suite.Entry entry : suite.methods()) {
                if (entry.seeds().orElse(suite.seeds()).contains(seed)) {
                    runs.add(planner.run(entry, seed));
                }
            }
        }
        return new BenchPlan(suite, runs);
    }

    private record OpenedData(int experiences, String hashes) {}

    private static final class Planner {
        private final Suite suite;
        private final List<String> overrides;
        private final Path baseFolder;
        private final ModelSource models;
        private final Streams streams;
        private final Map<String, String> modelHashes = new HashMap<>();
        private final Map<StreamSpec, OpenedData> data = new HashMap<>();

        Planner(Suite suite, List<String> overrides, Path baseFolder, ModelSource models, Path cacheFolder) {
            this.suite = suite;
            this.overrides = overrides;
            this.baseFolder = baseFolder;
            this.models = models;
            this.streams = new Streams(baseFolder, cacheFolder);
        }

        PlannedRun run(Suite.Entry entry, long seed) {
            ObjectNode tree = Yaml.merged(suite.run(), entry.settings().orElseGet(Yaml::empty));
            tree.put("method", entry.method().orElse(entry.name()));
            tree.put("name", entry.name() + "-s" + seed);
            List<String> settings = new ArrayList<>(overrides);
            suite.seeded().forEach(setting -> settings.add(setting + "=" + seed));
            String place = "suite " + suite.name() + ", " + entry.name();
            RunConfig.Resolved resolved = RunConfig.of(place, tree, settings, baseFolder);
            OpenedData opened = data.computeIfAbsent(resolved.config().stream(), this::open);
            return new PlannedRun(entry.name(), seed, resolved, opened.experiences(), key(resolved, opened));
        }

        /** The name, the model's path and the times of saving are left out: they change nothing. */
        private String key(RunConfig.Resolved resolved, OpenedData opened) {
            ObjectNode tree = resolved.tree().deepCopy();
            tree.remove(List.of("name", "model", "checkpoint"));
            return Hashes.sha256(Yaml.write(tree)
                    + modelHashes.computeIfAbsent(resolved.config().model(), this::modelHash)
                    + opened.hashes());
        }

        private String modelHash(String model) {
            try (Checkpoint checkpoint =
                    CheckpointReader.open(models.find(model, baseFolder), CheckpointOptions.NONE)) {
                return checkpoint.sha256();
            }
        }

        private OpenedData open(StreamSpec spec) {
            try (ExperienceStream stream = streams.open(spec)) {
                var hashes = new StringBuilder();
                stream.experiences()
                        .forEach(experience -> hashes.append(experience.train().hash()));
                stream.evaluationSets().forEach(set -> hashes.append(set.test().hash()));
                return new OpenedData(stream.experiences().size(), hashes.toString());
            }
        }
    }
}
