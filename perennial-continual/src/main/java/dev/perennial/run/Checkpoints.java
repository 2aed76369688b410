package dev.perennial.run;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.method.MethodState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * The states of a method after each experience, one folder each.
 *
 * <p>The record is written last and renamed into place, so a folder without one was never committed and is not seen.
 */
final class Checkpoints {
    private static final String TENSORS = "method.safetensors";
    private static final String RECORD = "checkpoint.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path folder;

    Checkpoints(Path folder) {
        this.folder = folder;
    }

    /**
     * What a checkpoint says about itself.
     *
     * @param experience index of the experience it was taken after
     * @param name of that experience
     * @param method name of the method
     * @param modelPath where the pretrained model lay, absolute, since the configuration may name it by a relative path
     * @param modelSha256 hash of the pretrained weights, to which the tensors are the difference
     * @param tensorsSha256 hash of the tensor file
     * @param state the method's own record
     */
    @JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
    record CheckpointRecord(
            int experience,
            String name,
            String method,
            String modelPath,
            String modelSha256,
            String tensorsSha256,
            JsonNode state) {}

    /** A committed checkpoint: its record and the folder that holds its tensors. */
    record Committed(CheckpointRecord record, Path path) {
        /** Reads the method's state after checking its hash. */
        MethodState state() {
            Path file = path.resolve(TENSORS);
            String actual = Hashes.sha256(file);
            if (!actual.equals(record.tensorsSha256())) {
                throw new ConfigException(file + ": damaged (its SHA-256 is " + actual + " instead of "
                        + record.tensorsSha256() + "); delete the folder " + path + " to fall back to the one before");
            }
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            try (TensorFile stored = Safetensors.read(file)) {
                // The mapping ends with this block, so the values are copied out of it.
                stored.tensors()
                        .forEach((name, tensor) ->
                                tensors.put(name, StoredTensor.ofFloats(name, tensor.shape(), tensor.toFloats())));
            }
            return new MethodState(tensors, record.state());
        }
    }

    /** Commits the state after an experience; when this returns, it survives a crash. */
    void commit(int experience, String name, String method, PretrainedModel model, MethodState state) {
        Path target = folder.resolve("%03d".formatted(experience + 1));
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": the checkpoint cannot be written", e);
        }
        Safetensors.write(target.resolve(TENSORS), state.tensors().values(), Map.of());
        var record = new CheckpointRecord(
                experience,
                name,
                method,
                model.path().toString(),
                model.sha256(),
                Hashes.sha256(target.resolve(TENSORS)),
                state.record());
        DurableFile.write(target.resolve(RECORD), JSON.writeValueAsBytes(record));
    }

    /** Returns the checkpoint after the latest experience, if any was committed. */
    Optional<Committed> newest() {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(path -> Files.exists(path.resolve(RECORD)))
                    .max(Comparator.comparing(path -> path.getFileName().toString()))
                    .map(path -> new Committed(read(path.resolve(RECORD)), path));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": the checkpoints cannot be listed", e);
        }
    }

    private static CheckpointRecord read(Path file) {
        try {
            return JSON.readValue(file, CheckpointRecord.class);
        } catch (JacksonException e) {
            throw new ConfigException(
                    file + ": damaged (" + e.getOriginalMessage() + "); delete its folder to fall back");
        }
    }
}
