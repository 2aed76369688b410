package dev.perennial.run;

import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.diagnosis.DiagnosisConfig;
import dev.perennial.follow.Gates;
import dev.perennial.stream.FollowSpec;
import dev.perennial.stream.StreamSpec;
import dev.perennial.train.TrainingConfig;
import dev.perennial.train.checkpoint.CheckpointConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that decides a run's results.
 *
 * @param name what the run is called
 * @param model the pretrained model: a bundled name, a file or folder, or the id of a pulled model
 * @param method name of the method
 * @param options the method's own settings
 * @param seed of all randomness
 * @param training how an experience is trained
 * @param evaluation how the model is judged
 * @param diagnosis what is measured of the towers during training; absent for nothing
 * @param checkpoint how often the run is saved and what is kept
 * @param stream what is learned
 * @param gates what a new model must not lose to become the current one, where a folder is followed; none if absent
 */
public record RunConfig(
        String name,
        String model,
        String method,
        JsonNode options,
        long seed,
        TrainingConfig training,
        EvaluationConfig evaluation,
        Optional<DiagnosisConfig> diagnosis,
        CheckpointConfig checkpoint,
        StreamSpec stream,
        Optional<Gates> gates) {

    /** Where the settings come from that a configuration leaves out. */
    private static final String DEFAULTS = "/dev/perennial/run/defaults.yaml";

    /** Checks that an online stream and a followed folder are learned and judged as such. */
    public RunConfig {
        if (stream.follow().isEmpty() && gates.isPresent()) {
            throw new IllegalArgumentException(
                    "gates hold where a folder is followed; set stream.follow.folder, or give --follow FOLDER");
        }
        if (stream.follow().isPresent() && evaluation.protocol() != Protocol.TASK_AWARE) {
            throw new IllegalArgumentException("a followed folder is judged by evaluation.protocol task-aware");
        }
        if (stream.online().isPresent()) {
            training.requireOnline();
            if (evaluation.protocol() == Protocol.TASK_AWARE) {
                throw new IllegalArgumentException(
                        "an online stream has no tasks that an image could be known to belong"
                                + " to; set evaluation.protocol to pooled");
            }
        }
        if (evaluation.anytime().isPresent()
                && (stream.online().isEmpty() || evaluation.protocol() != Protocol.POOLED)) {
            throw new IllegalArgumentException(
                    "evaluation.anytime judges a model over the classes seen so far while an online"
                            + " stream goes on; it needs stream.online and evaluation.protocol: pooled");
        }
    }

    /**
     * A configuration with the settings that it leaves out filled in.
     *
     * @param config the settings
     * @param tree the same as YAML tree, for {@code config.yaml} of the run folder
     * @param baseFolder what relative paths in it are relative to
     */
    public record Resolved(RunConfig config, ObjectNode tree, Path baseFolder) {
        /** Returns a hash of the settings that decide the results: threads, how often the run is saved and how a folder is watched left out. */
        String identity() {
            ObjectNode deciding = tree.deepCopy();
            deciding.remove("checkpoint");
            for (String part : List.of("training", "evaluation")) {
                deciding.withObject(part).remove("threads");
            }
            if (deciding.path("stream").path("follow") instanceof ObjectNode follow) {
                follow.remove(FollowSpec.WATCHING);
            }
            return Hashes.sha256(Yaml.write(deciding));
        }

        /** Returns the configuration as YAML text. */
        public String yaml() {
            return Yaml.write(tree);
        }
    }

    /**
     * Reads a configuration: the file's settings over the method's preset over the defaults.
     *
     * @param overrides settings as {@code key.key=value} that replace those of the file
     * @throws ConfigException if a key is unknown, missing or wrong
     */
    public static Resolved read(Path file, List<String> overrides) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        return read(file, overrides, folder);
    }

    /** Reads a configuration whose relative paths are relative to another folder than its own. */
    static Resolved read(Path file, List<String> overrides, Path baseFolder) {
        return of(file.toString(), Yaml.read(file), overrides, baseFolder);
    }

    /** Reads a configuration that ships with the program. */
    public static Resolved readResource(String resource, List<String> overrides, Path baseFolder) {
        return of(resource, Yaml.resource(resource), overrides, baseFolder);
    }

    /**
     * Completes a configuration: its settings over the method's preset over the defaults.
     *
     * @param place names it in errors
     * @param tree the settings
     * @param overrides settings as {@code key.key=value} that replace them
     * @param baseFolder what relative paths are relative to
     * @throws ConfigException if a key is unknown, missing or wrong
     */
    public static Resolved of(String place, ObjectNode tree, List<String> overrides, Path baseFolder) {
        ObjectNode written = Overrides.apply(tree, overrides);
        JsonNode method = written.get("method");
        if (method == null || !method.isString()) {
            throw new ConfigException(place + ": missing key 'method', such as 'method: finetune'");
        }
        MethodCatalog.Entry entry = MethodCatalog.require(place, method.asString());
        ObjectNode complete = layered(layered(Yaml.resource(DEFAULTS), entry.preset()), written);
        if (!complete.has("name")) {
            complete.put("name", method.asString());
        }
        RunConfig config = Yaml.bind(place, complete, RunConfig.class);
        entry.options(place, config.options());
        return new Resolved(config, complete, baseFolder);
    }

    /** The lengths of a training, of which one counts. */
    private static final List<String> LENGTHS = List.of("steps", "epochs", "samples", "gmacs");

    /** Lays settings over others; a length replaces one in another unit. */
    private static ObjectNode layered(ObjectNode below, ObjectNode above) {
        ObjectNode base = below.deepCopy();
        if (LENGTHS.stream().anyMatch(above.path("training")::has)) {
            base.withObject("training").remove(LENGTHS);
        }
        return Yaml.merged(base, above);
    }
}
