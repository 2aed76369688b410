package dev.perennial.pretrain;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.data.BatchSampler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an unfinished pretraining needs to go on, in a folder beside the model: tensors and a record that is written last, so that a
 * state without a record was never committed.
 */
final class PretrainCheckpoints {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RECORD = ".json";
    private static final String TENSORS = ".safetensors";

    private final Path folder;

    PretrainCheckpoints(Path modelFolder) {
        this.folder = modelFolder.resolve("training");
    }

    /**
     * The record of a state.
     *
     * @param step steps taken
     * @param stepsPlanned steps that the training was to have in all
     * @param lasting whether later states leave it in place
     * @param identity hash of the settings that decide the course of the training
     * @param tensorsSha256 hash of the tensor file
     * @param position of the loader
     * @param random positions of the random streams
     * @param adamSteps updates by parameter
     * @param queued groups of the pairs in the queue, by batch
     * @param seconds of training so far
     * @param history what was measured so far
     */
    record State(
            int step,
            int stepsPlanned,
            boolean lasting,
            String identity,
            String tensorsSha256,
            BatchSampler.Position position,
            Map<String, Long> random,
            Map<String, Long> adamSteps,
            List<List<Long>> queued,
            double seconds,
            TrainingHistory history) {
        private State hashed(String sha256) {
            return new State(
                    step,
                    stepsPlanned,
                    lasting,
                    identity,
                    sha256,
                    position,
                    random,
                    adamSteps,
                    queued,
                    seconds,
                    history);
        }
    }

    /** Commits a state; when this returns, it survives a crash, and older states that do not last are gone. */
    void commit(State state, List<StoredTensor> tensors) {
        String name = "step-%07d".formatted(state.step());
        Path file = folder.resolve(name + TENSORS);
        Safetensors.write(file, tensors, Map.of());
        DurableFile.write(folder.resolve(name + RECORD), JSON.writeValueAsBytes(state.hashed(sha256(file))));
        states().stream()
                .filter(older -> older.step() < state.step() && !older.lasting())
                .forEach(this::delete);
    }

    /** Returns the newest state with at most this many steps. */
    Optional<State> newest(int steps) {
        return states().stream().filter(state -> state.step() <= steps).max(Comparator.comparingInt(State::step));
    }

    /**
     * Reads the tensors of a state after checking their hash.
     *
     * @throws IllegalStateException if the file is damaged
     */
    void read(State state, Consumer<TensorFile> reader) {
        Path file = folder.resolve("step-%07d".formatted(state.step()) + TENSORS);
        if (!sha256(file).equals(state.tensorsSha256())) {
            throw new IllegalStateException(file + ": damaged; delete it and its .json to go on from an older state");
        }
        try (TensorFile tensors = Safetensors.read(file)) {
            reader.accept(tensors);
        }
    }

    /** Deletes the states that only an interruption would need. */
    void finish() {
        states().stream().filter(state -> !state.lasting()).forEach(this::delete);
    }

    private List<State> states() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(RECORD))
                    .map(file -> JSON.readValue(file, State.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }

    private void delete(State state) {
        String name = "step-%07d".formatted(state.step());
        try {
            // The record goes first: without it the tensors were never committed.
            Files.deleteIfExists(folder.resolve(name + RECORD));
            Files.deleteIfExists(folder.resolve(name + TENSORS));
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(name) + ": cannot be deleted", e);
        }
    }

    private static String sha256(Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
