package dev.perennial.run;

import dev.perennial.pretrain.PretrainConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Reads the configuration of a pretraining. */
public final class PretrainConfigs {
    private static final String DEFAULTS = "/dev/perennial/run/pretrain-defaults.yaml";

    private PretrainConfigs() {}

    /**
     * A configuration with the settings that it leaves out filled in.
     *
     * @param config the settings
     * @param yaml the same as text
     * @param baseFolder what relative paths in it are relative to
     */
    public record Resolved(PretrainConfig config, String yaml, Path baseFolder) {
        /** Returns a hash of the settings that decide the course of a training, the number of steps left out. */
        public String identity() {
            ObjectNode course = Yaml.parse("resolved configuration", yaml);
            course.remove(List.of("name", "validation", "validate-every", "checkpoint-minutes", "evaluation"));
            ((ObjectNode) course.get("training")).remove(List.of("steps", "cooldown", "threads"));
            return Hashes.sha256(Yaml.write(course));
        }
    }

    /**
     * Reads a configuration: the file's settings over the defaults.
     *
     * @param overrides settings as {@code key.key=value} that replace those of the file
     * @throws ConfigException if a key is unknown, missing or wrong
     */
    public static Resolved read(Path file, List<String> overrides) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        ObjectNode complete = Yaml.merged(Yaml.resource(DEFAULTS), Overrides.apply(Yaml.read(file), overrides));
        return new Resolved(Yaml.bind(file.toString(), complete, PretrainConfig.class), Yaml.write(complete), folder);
    }
}
