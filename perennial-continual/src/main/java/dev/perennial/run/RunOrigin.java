package dev.perennial.run;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Experience;
import dev.perennial.stream.ExperienceStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run started from, so that it can be resumed with its folder alone.
 *
 * @param baseFolder what relative paths of its configuration are relative to, absolute
 * @param configSha256 hash of the settings that decide the results
 * @param modelPath where the pretrained model lay, absolute
 * @param modelSha256 hash of the pretrained weights, to which everything saved is the difference
 * @param data hash of every data set, by {@code train} or {@code test} and its name in the stream
 */
record RunOrigin(
        String baseFolder, String configSha256, String modelPath, String modelSha256, Map<String, String> data) {
    private static final String FILE = "run.json";
    private static final String TRAIN = "train ";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    static RunOrigin of(RunConfig.Resolved config, PretrainedModel model, ExperienceStream stream) {
        return of(config, model, hashes(stream.experiences(), stream.evaluationSets()));
    }

    /** Returns the origin of a run whose experiences are yet to come. */
    static RunOrigin following(RunConfig.Resolved config, PretrainedModel model, List<EvaluationSet> control) {
        return of(config, model, hashes(List.of(), control));
    }

    private static RunOrigin of(RunConfig.Resolved config, PretrainedModel model, Map<String, String> data) {
        return new RunOrigin(
                config.baseFolder().toAbsolutePath().normalize().toString(),
                config.identity(),
                model.path().toString(),
                model.sha256(),
                data);
    }

    private static Map<String, String> hashes(List<Experience> experiences, List<EvaluationSet> sets) {
        Map<String, String> hashes = new TreeMap<>();
        for (Experience experience : experiences) {
            hashes.put(TRAIN + experience.name(), experience.train().hash());
        }
        for (EvaluationSet set : sets) {
            hashes.put("test " + set.name(), set.test().hash());
        }
        return hashes;
    }

    /** Returns the number of experiences of the stream. */
    int experiences() {
        return (int)
                data.keySet().stream().filter(name -> name.startsWith(TRAIN)).count();
    }

    void write(Path folder) {
        DurableFile.write(
                folder.resolve(FILE), (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static boolean isFile(Path file) {
        return file.endsWith(FILE);
    }

    static RunOrigin read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return JSON.readValue(Files.readString(file), RunOrigin.class);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read (" + DurableFile.reason(e)
                    + "); without it the run can be reported but not used or resumed");
        } catch (JacksonException e) {
            throw new ConfigException(file + ": damaged (" + e.getOriginalMessage()
                    + "); without it the run can be reported but not used or resumed");
        }
    }

    /** Returns where the pretrained model is: where it lay first, since a configuration may name it by a relative path. */
    Path findModel(Path folder, RunConfig config, ModelSource models) {
        Path recorded = Path.of(modelPath);
        if (Files.exists(recorded)) {
            return recorded;
        }
        try {
            return models.find(config.model(), folder);
        } catch (ConfigException e) {
            throw new ConfigException(folder + ": its pretrained model '" + config.model() + "' is no longer at "
                    + recorded + "; put it back there, or pull it if it has a hub id");
        }
    }

    /** Refuses settings other than those that the run began with. */
    void requireConfig(Path folder, RunConfig.Resolved config) {
        if (!config.identity().equals(configSha256)) {
            throw new ConfigException(folder.resolve(RunFolder.CONFIG) + ": has changed since the run began; only"
                    + " 'checkpoint' and 'threads' may; put it back as it was, or start a new run");
        }
    }

    /** Refuses weights other than those that the run started from. */
    void requireModel(Path folder, PretrainedModel model) {
        if (!model.sha256().equals(modelSha256)) {
            throw new ConfigException(
                    folder + ": was trained from weights with SHA-256 " + modelSha256 + ", but those of " + model.path()
                            + " have " + model.sha256() + "; put the pretrained model back that it was trained from");
        }
    }

    /** Refuses data other than those that the run started with. */
    void requireData(Path folder, ExperienceStream stream) {
        requireData(folder, hashes(stream.experiences(), stream.evaluationSets()));
    }

    /** Refuses control sets other than those that a run that follows a folder started with. */
    void requireControl(Path folder, List<EvaluationSet> control) {
        requireData(folder, hashes(List.of(), control));
    }

    private void requireData(Path folder, Map<String, String> present) {
        if (!present.equals(data)) {
            String changed = data.entrySet().stream()
                    .filter(set -> !set.getValue().equals(present.get(set.getKey())))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse("of the stream");
            throw new ConfigException(folder + ": the data set '" + changed
                    + "' has changed since the run began; put it back as it was, or start a new run");
        }
    }
}
