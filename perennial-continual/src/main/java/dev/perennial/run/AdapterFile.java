package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run has learned, alone in one small file: a safetensors file of everything that its method added to CLIP, which names the
 * pretrained model by hash.
 *
 * <p>Only methods that leave the pretrained weights as they are can be kept like this; what another has learned is a whole model.
 */
public final class AdapterFile implements AutoCloseable {
    private static final String KEY = "perennial-adapter";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final TensorFile file;
    private final Content content;

    /**
     * What an adapter file says of itself.
     *
     * @param format version of this record
     * @param model what the run called its pretrained model
     * @param modelSha256 hash of the pretrained weights
     * @param keepsUnseenImages whether images unlike those learned are embedded as by the pretrained model
     * @param stream what was learned
     * @param experiences how many experiences of it
     * @param commit of the program that wrote it
     * @param adaptation the method with its settings and its record
     */
    public record Content(
            int format,
            String model,
            String modelSha256,
            boolean keepsUnseenImages,
            String stream,
            int experiences,
            String commit,
            Adaptation adaptation) {
        private static final int FORMAT = 1;
    }

    private AdapterFile(TensorFile file, Content content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Writes what the newest checkpoint of a run has learned; a file that is there is replaced when the new one is whole.
     *
     * @return what the file says of itself
     * @throws ConfigException if the run has no checkpoint, or its method changes the pretrained weights
     */
    public static Content write(Path run, ModelSource models, Path target) {
        RunFolder.requireRun(run);
        try (AdaptedModel model = AdaptedModel.open(run, models)) {
            if (!model.leavesPretrainedWeights()) {
                throw new ConfigException(run + ": its method changes the weights of the model itself, so there is no"
                        + " adapter to save; write the whole model with 'perennial models convert'");
            }
        }
        StoredCheckpoint checkpoint = AdaptedModel.newest(run);
        RunConfig config =
                RunConfig.read(run.resolve(RunFolder.CONFIG), List.of()).config();
        RunState state = RunState.read(checkpoint);
        var content = new Content(
                Content.FORMAT,
                config.model(),
                state.modelSha256(),
                state.keepsUnseenImages().orElse(false),
                config.stream().name(),
                state.experience() + 1,
                Software.commit(),
                Adaptation.of(config, state));
        try (TensorFile tensors = checkpoint.tensors(RunState.METHOD)) {
            Safetensors.write(target, tensors.tensors().values(), Map.of(KEY, JSON.writeValueAsString(content)));
        }
        return content;
    }

    /** Tells whether a file is an adapter; a file that is no safetensors file is none. */
    public static boolean isAdapter(Path path) {
        if (!path.toString().endsWith(".safetensors")) {
            return false;
        }
        try (TensorFile file = Safetensors.read(path)) {
            return file.metadata().containsKey(KEY);
        } catch (CheckpointException e) {
            return false;
        }
    }

    /**
     * Opens an adapter file.
     *
     * @throws CheckpointException if it is damaged, or no adapter
     */
    public static AdapterFile open(Path path) {
        TensorFile file = Safetensors.read(path);
        try {
            return new AdapterFile(file, content(file));
        } catch (CheckpointException e) {
            file.close();
            throw e;
        }
    }

    private static Content content(TensorFile file) {
        String json = file.metadata().get(KEY);
        if (json == null) {
            throw new CheckpointException(
                    file.path(), "is no adapter file; write one with 'perennial models adapter RUN FILE'");
        }
        try {
            Content content = JSON.readValue(json, Content.class);
            if (content.format() != Content.FORMAT) {
                throw new CheckpointException(
                        file.path(), "is of format " + content.format() + "; this version reads " + Content.FORMAT);
            }
            return content;
        } catch (JacksonException e) {
            throw new CheckpointException(
                    file.path(), "its adapter record is damaged (" + e.getOriginalMessage() + ")");
        }
    }

    /** Returns what it says of itself. */
    public Content content() {
        return content;
    }

    /** Returns the number of numbers that the adapters hold. */
    public long parameterCount() {
        return file.tensors().values().stream()
                .mapToLong(StoredTensor::elements)
                .sum();
    }

    /** Returns the model with these adapters; {@code clip}, a model of the right weights, is closed with it. */
    AdaptedModel restore(Clip clip) {
        try {
            return AdaptedModel.of(content.adaptation().restore(file.path().toString(), clip, file.tensors()), clip);
        } catch (ConfigException | CheckpointException e) {
            throw e;
        } catch (RuntimeException e) {
            // The file comes from anywhere: whatever does not fit together in it is the file's fault.
            throw new CheckpointException(
                    file.path(), "its tensors and its record do not fit together (" + firstLine(e) + ")", e);
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Refuses a pretrained model other than that which the adapter was learned with. */
    void requireModel(PretrainedModel model) {
        if (!model.sha256().equals(content.modelSha256())) {
            throw new ConfigException(
                    file.path() + ": was learned with '" + content.model() + "', weights with SHA-256 "
                            + content.modelSha256() + ", but those of " + model.path() + " have " + model.sha256()
                            + "; give the model that it was learned with");
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
